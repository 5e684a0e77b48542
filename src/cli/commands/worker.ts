import type { Command } from 'commander';
import { AppError } from '../../core/errors.ts';
import { parseCount } from '../arguments.ts';
import { addCommonFlags, type Session } from '../session.ts';
import type { WorkerValues } from '../worker/worker-values.ts';

/** `facefusion worker`: does tasks of a cluster until it is stopped. */
export function addWorkerCommand(program: Command, session: Session): void {
  const command = program
    .command('worker')
    .summary('do the work of a cluster: take tasks from its queue')
    .description(
      'Takes tasks from the queue of a cluster that this machine can run, until it is stopped. The first Ctrl-C or SIGTERM lets it finish what it has in hand; the second ends it. All workers need the same keys and policy: see docs/cluster.md.',
    )
    .requiredOption('--queue <address>', 'Redis of the cluster: redis://host:port/database, rediss:// with TLS')
    .requiredOption('--storage <address>', 's3://bucket/prefix?endpoint=…, or a folder that all workers share')
    .option('--concurrency <number>', 'tasks at once (default 1)', count('--concurrency', 1))
    .option(
      '--memory-limit <gigabytes>',
      'for all tasks together; what is done whole keeps to its share (default: what there is)',
      parseGigabytes,
    )
    .option('--scratch <folder>', "for inputs and files in work (default: in the system's folder for such)")
    .option('--model-folder <path>', 'folder of the models that you have added')
    .option(
      '--lease-seconds <seconds>',
      'after which a task of a worker without a sign of life is taken over (default 30)',
      count('--lease-seconds', 3),
    )
    .option('--drain-seconds <seconds>', 'to finish tasks when stopped (default 120)', count('--drain-seconds', 0))
    .option('--health-port <port>', 'answer /v1/health, /v1/ready and /metrics there', count('--health-port', 0))
    .option('--health-host <host>', 'address to answer on (default 127.0.0.1)')
    .option('--quality-samples <share>', 'share of outputs that are measured, 0 to 1 (default 0)', parseShare)
    .option('--traces <address>', 'where traces go (OTLP over HTTP; default: nowhere)')
    .helpGroup('Service:');
  addCommonFlags(command).action(async (values: WorkerValues) => {
    const terminal = session.open('worker', values);
    const { runWorker } = await import('../worker/run-worker.ts');
    await runWorker(terminal, session.signal, values);
  });
}

const count =
  (flag: string, least: number) =>
  (text: string): number => {
    const value = parseCount(flag, text);
    if (value >= least) return value;
    throw new AppError('OPTION_INVALID', `Expected at least ${least} for ${flag}, received ${text}.`);
  };

function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new AppError('OPTION_INVALID', `Expected 0 to 1 for --quality-samples, received ${text}.`);
}

function parseGigabytes(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new AppError('OPTION_INVALID', `Expected a number of gigabytes for --memory-limit, received ${text}.`);
}
