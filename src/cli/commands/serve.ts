import type { Command } from 'commander';
import type { ServeValues } from '../serve/run-serve.ts';
import { addServiceFlags } from '../serve/service-flags.ts';
import { addCommonFlags, type Session } from '../session.ts';

const PORT = 7861;

/** `facefusion serve`: the HTTP API. */
export function addServeCommand(program: Command, session: Session): void {
  const command = program
    .command('serve')
    .summary('answer the HTTP API, and do its work')
    .description(
      'Answers the HTTP API and does its work, until it is stopped. Alone it keeps everything in the data folder; with --queue and --storage it is one gateway of a cluster. The first Ctrl-C or SIGTERM lets runs go on for --drain-seconds, and keeps what they have done; the second ends it. See docs/serve.md.',
    );
  addServiceFlags(command, PORT)
    .option('--page', 'serve the web page, too: see facefusion help ui')
    .helpGroup('Service:');
  addCommonFlags(command).action(async (values: ServeValues) => {
    const terminal = session.open('serve', values);
    const { runServe } = await import('../serve/run-serve.ts');
    await runServe(terminal, session.signal, values, { command: 'serve', defaults: { port: PORT } });
  });
}
