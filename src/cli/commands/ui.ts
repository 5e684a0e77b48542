import type { Command } from 'commander';
import type { ServeValues } from '../serve/run-serve.ts';
import { addServiceFlags } from '../serve/service-flags.ts';
import { addCommonFlags, type Session } from '../session.ts';

/** As in the Python FaceFusion. */
const PORT = 7860;

/** `facefusion ui`: the service with its web page. */
export function addUiCommand(program: Command, session: Session): void {
  const command = program
    .command('ui')
    .summary('show the web page: drop a face, drop a target, see it')
    .description(
      'Serves the web page and does its work, until it is stopped. Open the address that it prints in a browser. The page is for this machine; on another --host it asks for a key: facefusion keys api create. Everything else is as with facefusion serve; both see the same jobs.',
    );
  addServiceFlags(command, PORT).option('--open', 'open the page in the browser of this machine').helpGroup('Service:');
  addCommonFlags(command).action(async (values: ServeValues) => {
    const terminal = session.open('ui', values);
    const { runServe } = await import('../serve/run-serve.ts');
    await runServe(terminal, session.signal, values, { command: 'ui', defaults: { port: PORT, page: true } });
  });
}
