import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';
import { addKeysApiCommand } from './keys-api.ts';

/** `facefusion keys`: the keys of this installation. */
export function addKeysCommand(program: Command, session: Session): void {
  const keys = program
    .command('keys')
    .summary('make or show the keys of this installation')
    .description(
      'The keys of this installation, in FACEFUSION_KEYS or the settings folder: for the audit log, the invisible mark, lists of persons and Content Credentials. They are made by the first run; back them up.',
    )
    .helpGroup('Trust:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => keys.outputHelp());
  addKeysApiCommand(keys, session);
  const add = (name: string, text: string): Command => addCommonFlags(keys.command(name).description(text));

  add('init', 'Makes the keys that are not there yet, and the certificates that sign Content Credentials.').action(
    async (values: CommonValues) => {
      const terminal = session.open('keys init', values);
      await (await import('../show-keys.ts')).showKeys(terminal, true);
    },
  );
  add('show', 'Shows where the keys are, who signs, and until when. Never the keys.').action(
    async (values: CommonValues) => {
      const terminal = session.open('keys show', values);
      await (await import('../show-keys.ts')).showKeys(terminal, false);
    },
  );
}
