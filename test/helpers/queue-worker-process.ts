/** Starts `queue-worker-child.ts` and hears what it says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { QueueKind } from './queue-adapters.ts';

export interface SaidLine {
  readonly event: 'ready' | 'begun' | 'done' | 'aborted';
  readonly task?: string;
  readonly number?: number;
  readonly reason?: string;
}

export interface WorkerProcess extends AsyncDisposable {
  readonly processId: number;
  /** The first line, past or to come, that is of this event (and task). */
  heard(event: SaidLine['event'], task?: string): Promise<SaidLine>;
  /** Lets held tasks end. */
  letGo(): void;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, and a wait for its end. */
  kill(): Promise<void>;
}

export async function startQueueWorker(kind: QueueKind, place: string): Promise<WorkerProcess> {
  const script = fileURLToPath(new URL('queue-worker-child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, kind, place], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const said: SaidLine[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line) as SaidLine);
    for (const look of waiting) look();
  });
  const heard = (event: SaidLine['event'], task?: string): Promise<SaidLine> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = said.find((one) => one.event === event && (task === undefined || one.task === task));
        if (!line) return;
        waiting.delete(look);
        resolve(line);
      };
      waiting.add(look);
      void gone.then(() => waiting.has(look) && reject(new Error(`The worker ended without saying ${event}.`)));
      look();
    });
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await gone;
  };
  await heard('ready');
  return {
    processId: child.pid ?? 0,
    heard,
    letGo: () => void child.stdin.write('go\n'),
    signal: (signal) => void child.kill(signal),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
