/** Flags of every command that starts the service. */
import type { Command } from 'commander';
import { AppError } from '../../core/errors.ts';
import { parseCount } from '../arguments.ts';

/** For how long a service that stops lets its workers go on. */
const DRAIN_SECONDS = 30;

/** @param port that it listens on where nobody says otherwise */
export function addServiceFlags(command: Command, port: number): Command {
  return command
    .option('--config <file>', 'YAML file with any of the options in docs/serve.md; flags win')
    .option('--host <address>', 'address to listen on (default 127.0.0.1); others need a key or an issuer')
    .option('--port <port>', `port to listen on (default ${port}); 0 takes a free one`, count('--port'))
    .option('--queue <address>', 'Redis of a cluster: redis://host:port/database (default: none needed)')
    .option('--storage <address>', 's3://bucket/prefix?endpoint=… or a folder (default: in the data folder)')
    .option(
      '--workers <number>',
      'runs at once in this process; 0 leaves all to workers (default 1)',
      count('--workers'),
    )
    .option('--cors-origins <origin...>', 'origins of pages that may call, such as https://example.com')
    .option(
      '--requests-per-minute <number>',
      'for each key; 0 sets no limit (default 600)',
      count('--requests-per-minute'),
    )
    .option(
      '--max-waiting <number>',
      'tasks that may wait before new jobs are refused (default 10000)',
      count('--max-waiting'),
    )
    .option('--keep-days <days>', 'for jobs and outputs after their end; 0 for ever (default 7)', count('--keep-days'))
    .option('--traces <address>', 'where traces go (OTLP over HTTP; default: nowhere)')
    .option('--drain-seconds <seconds>', 'to finish runs when stopped', count('--drain-seconds'), DRAIN_SECONDS)
    .option(
      '--memory-limit <gigabytes>',
      'for all runs together, each of which keeps to its share or is refused (default: no limit)',
      parseGigabytes,
    )
    .option('--model-folder <path>', 'folder of the models that you have added')
    .option('--scratch <folder>', 'for files in work (default: in the data folder)');
}

const count =
  (flag: string) =>
  (text: string): number =>
    parseCount(flag, text);

function parseGigabytes(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new AppError('OPTION_INVALID', `Expected a number of gigabytes for --memory-limit, received ${text}.`);
}
