import type { Command } from 'commander';
import { parseCount } from '../arguments.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface TenantValues extends CommonValues {
  readonly queue?: string;
  readonly tenant?: string;
}

const commands = () => import('../serve/callback-commands.ts');
const MOST = 100;

/** `facefusion callbacks`: what was told to receivers of callbacks. */
export function addCallbacksCommand(program: Command, session: Session): void {
  const callbacks = program
    .command('callbacks')
    .summary('list callbacks, send them again, show their secret')
    .description('Callbacks that tell the end of jobs of the HTTP API: of this machine, or of a cluster with --queue.')
    .helpGroup('Service:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => callbacks.outputHelp());
  const add = (name: string, text: string): Command =>
    addCommonFlags(callbacks.command(name).description(text)).option(
      '--queue <address>',
      'Redis of a cluster: redis://host:port/database (default: this machine)',
    );

  add('list', 'Lists callbacks, newest first.')
    .option('--tenant <tenant>', 'of this tenant only')
    .option('--dead', 'those only that were given up')
    .option('--limit <number>', 'newest so many', (text) => parseCount('--limit', text), MOST)
    .action(async (values: TenantValues & { readonly dead?: boolean; readonly limit: number }) => {
      const terminal = session.open('callbacks list', values);
      await (await commands()).list(terminal, values);
    });
  add('replay', 'Sends a callback again, whatever became of it.')
    .argument('<id>', 'callback_…, as it is listed')
    .action(async (id: string, values: TenantValues) => {
      const terminal = session.open('callbacks replay', values);
      await (await commands()).replay(terminal, id, values);
    });
  add('secret', 'Shows what callbacks of a tenant are signed with; it is made where there is none.')
    .option('--tenant <tenant>', 'whose', 'local')
    .option('--rotate', 'makes another one; the one before signs beside it for a day')
    .action(async (values: TenantValues & { readonly rotate?: boolean }) => {
      const terminal = session.open('callbacks secret', values);
      await (await commands()).secret(terminal, values);
    });
}
