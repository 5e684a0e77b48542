import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface AddValues extends CommonValues {
  readonly use: readonly string[];
  readonly until: string;
  readonly evidence: string;
  readonly by: string;
}

const commands = () => import('../consent/consent.ts');

/** `facefusion consent`: who has agreed to what. */
export function addConsentCommand(program: Command, session: Session): void {
  const consent = program
    .command('consent')
    .summary('keep the consents of persons whose faces are used')
    .description(
      'Who has agreed to which use of their face, until when. No photo is kept: consents hold embeddings, sealed with the key of this installation.',
    )
    .helpGroup('Trust:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => consent.outputHelp());
  const add = (name: string, text: string): Command => addCommonFlags(consent.command(name).description(text));

  add('add', 'Enters the consent of a person.')
    .argument('<subject>', 'pseudonym of the person')
    .argument('<photo...>', 'photos that each show their face and no other')
    .requiredOption('--use <use...>', 'processors that may use the face, x-PURPOSE for a purpose of yours, or any')
    .requiredOption('--until <date>', 'last day, such as 2027-12-31')
    .requiredOption('--evidence <file>', 'what shows the agreement, such as a signed form; only its hash is kept')
    .requiredOption('--by <name>', 'who enters it')
    .action(async (subject: string, photos: string[], values: AddValues) => {
      const terminal = session.open('consent add', values);
      const { use: uses, until, evidence, by } = values;
      await (await commands()).add(terminal, { subject, photos, uses, until, evidence, by }, session.signal);
    });
  add('list', 'Lists all consents with what they are worth now.').action(async (values: CommonValues) => {
    const terminal = session.open('consent list', values);
    await (await commands()).list(terminal);
  });
  add('revoke', 'Revokes a consent from now on, and lists every output that was made with it.')
    .argument('<id>', 'a consent')
    .requiredOption('--by <name>', 'who revokes it')
    .action(async (id: string, values: CommonValues & { readonly by: string }) => {
      const terminal = session.open('consent revoke', values);
      await (await commands()).revoke(terminal, id, values.by);
    });
  add('outputs', 'Lists every output that was made with a consent.')
    .argument('<id>', 'a consent')
    .action(async (id: string, values: CommonValues) => {
      const terminal = session.open('consent outputs', values);
      await (await commands()).outputs(terminal, id);
    });
  add('export', 'Writes all consents as JSON, without embeddings.')
    .argument('<file>', 'JSON file to write')
    .action(async (file: string, values: CommonValues) => {
      const terminal = session.open('consent export', values);
      await (await commands()).exportTo(terminal, file);
    });
}
