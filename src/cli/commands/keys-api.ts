import type { Command } from 'commander';
import { parseCount } from '../arguments.ts';
import type { CreateKeyValues } from '../serve/api-key-commands.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface QueueValues extends CommonValues {
  readonly queue?: string;
}

const commands = () => import('../serve/api-key-commands.ts');

/** `facefusion keys api`: who may call `facefusion serve`. */
export function addKeysApiCommand(keys: Command, session: Session): void {
  const api = keys
    .command('api')
    .summary('make, list or end keys of the HTTP API')
    .description('Keys of the HTTP API, kept where its jobs are: of this machine, or of a cluster with --queue.')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => api.outputHelp());
  const add = (name: string, text: string): Command =>
    addCommonFlags(api.command(name).description(text)).option(
      '--queue <address>',
      'Redis of a cluster: redis://host:port/database (default: this machine)',
    );

  add('create', 'Makes a key and shows it once.')
    .requiredOption('--name <name>', 'what it is for')
    .option('--tenant <tenant>', 'whose jobs and media it reaches', 'default')
    .requiredOption(
      '--scopes <scope...>',
      'what it may do: assets:read, assets:write, jobs:read, jobs:write, looks, models:read, audit:read, usage:read, metrics:read, admin',
    )
    .option('--expires-days <days>', 'after which it ends (default: never)', count('--expires-days'))
    .option(
      '--requests-per-minute <number>',
      '0 sets no limit (default: of the service)',
      count('--requests-per-minute'),
    )
    .option('--jobs-per-day <number>', 'jobs it may make', count('--jobs-per-day'))
    .option('--minutes-per-day <number>', 'minutes of video it may work on', count('--minutes-per-day'))
    .option('--bytes-per-day <number>', 'bytes it may upload', count('--bytes-per-day'))
    .option('--if-none', 'does nothing where there is a key that is valid')
    .action(async (values: CreateKeyValues) => {
      const terminal = session.open('keys api create', values);
      await (await commands()).createKey(terminal, values);
    });
  add('list', 'Lists keys with what they may do; never the keys.')
    .option('--tenant <tenant>', 'of this tenant only')
    .action(async (values: QueueValues & { readonly tenant?: string }) => {
      const terminal = session.open('keys api list', values);
      await (await commands()).listKeys(terminal, values);
    });
  add('revoke', 'Ends a key, within 5 s.')
    .argument('<id>', 'key_…, as it is listed')
    .action(async (id: string, values: QueueValues) => {
      const terminal = session.open('keys api revoke', values);
      await (await commands()).revokeKey(terminal, id, values);
    });
}

const count =
  (flag: string) =>
  (text: string): number =>
    parseCount(flag, text);
