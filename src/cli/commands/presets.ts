import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

type ImportValues = CommonValues & { readonly name?: string };

/** `facefusion presets`: values for many options at once, built in or the user's own. */
export function addPresetsCommand(program: Command, session: Session): void {
  const presets = program
    .command('presets')
    .summary('list, show, export, import or remove presets')
    .description('Presets set many options of a run at once: facefusion process --preset <name or file.json>.')
    .helpGroup('System:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => presets.outputHelp());
  const load = () => import('../show-presets.ts');

  const list = presets.command('list').description('Lists the presets: those that are built in and your own.');
  addCommonFlags(list).action(async (values: CommonValues) => {
    const terminal = session.open('presets list', values);
    await (await load()).showPresets(terminal);
  });

  const show = presets
    .command('show')
    .description('Shows the options that a preset sets.')
    .argument('<name>', 'a preset, or a .json file');
  addCommonFlags(show).action(async (name: string, values: CommonValues) => {
    const terminal = session.open('presets show', values);
    await (await load()).showPreset(terminal, name);
  });

  const write = presets
    .command('export')
    .description('Writes a preset to a new file, to be changed and imported, or named as it is with --preset.')
    .argument('<name>', 'a preset')
    .argument('<file>', 'file to write; ends in .json');
  addCommonFlags(write).action(async (name: string, file: string, values: CommonValues) => {
    const terminal = session.open('presets export', values);
    await (await load()).exportPreset(terminal, name, file);
  });

  const take = presets
    .command('import')
    .description('Checks a preset file and keeps a copy that --preset knows by its name.')
    .argument('<file>', 'a JSON object of options, as export writes it')
    .option('--name <name>', "what it will be called (default: the file's name)");
  addCommonFlags(take).action(async (file: string, values: ImportValues) => {
    const terminal = session.open('presets import', values);
    await (await load()).takePreset(terminal, file, values.name);
  });

  const remove = presets
    .command('remove')
    .description('Removes an imported preset.')
    .argument('<name>', 'a preset of your own');
  addCommonFlags(remove).action(async (name: string, values: CommonValues) => {
    const terminal = session.open('presets remove', values);
    await (await load()).dropPreset(terminal, name);
  });
}
