import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface ShowValues extends CommonValues {
  readonly origin?: boolean;
}

/** `facefusion policy`: what this installation allows. */
export function addPolicyCommand(program: Command, session: Session): void {
  const policy = program
    .command('policy')
    .summary('show or check what this installation allows')
    .description(
      'What this installation allows: policy.yaml in the data folder, or the file that FACEFUSION_POLICY names; without one, the defaults.',
    )
    .helpGroup('Trust:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => policy.outputHelp());
  const add = (name: string, text: string): Command => policy.command(name).description(text);

  addCommonFlags(
    add('show', 'Shows every key with its value.').option('--origin', 'also the file and line that set it'),
  ).action(async (values: ShowValues) => {
    const terminal = session.open('policy show', values);
    await (await import('../policy/show.ts')).showPolicy(terminal, values.origin ?? false);
  });

  addCommonFlags(add('check', 'Checks a policy and lists every mistake in it.').argument('<file>', 'a policy')).action(
    async (file: string, values: CommonValues) => {
      const terminal = session.open('policy check', values);
      await (await import('../policy/check.ts')).checkPolicy(terminal, file);
    },
  );

  addCommonFlags(
    add('init', 'Writes a policy in which every key stands as a comment, with its default.').argument(
      '[file]',
      'where to write it (default: the place where it is read)',
    ),
  ).action(async (file: string | undefined, values: CommonValues) => {
    const terminal = session.open('policy init', values);
    await (await import('../policy/init.ts')).writePolicy(terminal, file);
  });
}
