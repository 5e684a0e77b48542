import type { Command } from 'commander';
import { parseCount } from '../arguments.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

const commands = () => import('../blocklist/blocklist.ts');

/** `facefusion blocklist`: persons whose face may be neither source nor target nor result. */
export function addBlocklistCommand(program: Command, session: Session): void {
  const blocklist = program
    .command('blocklist')
    .summary('keep the list of persons whose faces are refused')
    .description(
      'Persons whose face may be neither source nor target nor result. No photo is kept: the list holds embeddings, sealed with the key of this installation.',
    )
    .helpGroup('Trust:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => blocklist.outputHelp());
  const add = (name: string, text: string): Command => addCommonFlags(blocklist.command(name).description(text));

  add('add', 'Adds a person by photos that each show their face and no other.')
    .argument('<name>', 'what to call the person; may be a pseudonym')
    .argument('<photo...>', 'photos; several make it surer')
    .action(async (name: string, photos: string[], values: CommonValues) => {
      const terminal = session.open('blocklist add', values);
      await (await commands()).add(terminal, name, photos, session.signal);
    });
  add('remove', 'Removes a person.')
    .argument('<person>', 'id or name')
    .action(async (person: string, values: CommonValues) => {
      const terminal = session.open('blocklist remove', values);
      await (await commands()).remove(terminal, person);
    });
  add('list', 'Lists all persons.').action(async (values: CommonValues) => {
    const terminal = session.open('blocklist list', values);
    await (await commands()).list(terminal);
  });
  add('check', 'Says whom the faces of a photo or a video frame look like. Ends with 8 where somebody is listed.')
    .argument('<file>', 'photo or video')
    .option('--frame <number>', 'frame of a video, counted from 0 (default 0)', (text) => parseCount('--frame', text))
    .action(async (file: string, values: CommonValues & { readonly frame?: number }) => {
      const terminal = session.open('blocklist check', values);
      const isListed = await (await commands()).check(terminal, file, values.frame ?? 0, session.signal);
      if (isListed) session.endWith((await import('../../core/errors.ts')).EXIT.policy);
    });
  add('export', 'Writes the list for another installation. The file is not sealed: keep it as you keep photos.')
    .argument('<file>', 'JSON file to write')
    .action(async (file: string, values: CommonValues) => {
      const terminal = session.open('blocklist export', values);
      await (await commands()).exportTo(terminal, file);
    });
  add('import', 'Adds the persons of a list that another installation has exported.')
    .argument('<file>', 'JSON file')
    .action(async (file: string, values: CommonValues) => {
      const terminal = session.open('blocklist import', values);
      await (await commands()).importFrom(terminal, file);
    });
}
