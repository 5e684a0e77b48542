/** The built product as somebody starts it: `facefusion ui`, with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, MAIN } from '../../e2e/support/cli.ts';

export interface PageService extends AsyncDisposable {
  readonly url: string;
  /** Data, keys, log and outputs: given to a service that is started again. */
  readonly folder: string;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again at the same address, on the same data. */
  restart(): Promise<void>;
}

export interface PageServiceOptions {
  /** Words behind `facefusion ui`. */
  readonly words?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** @returns when the page answers; all of it goes away with the value */
export async function startPageService({ words = [], env = {} }: PageServiceOptions = {}): Promise<PageService> {
  ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'facefusion-page-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    let said = '';
    const started = spawn(process.execPath, [MAIN, 'ui', '--port', String(port), ...words], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', FACEFUSION_DATA_FOLDER: join(folder, 'data'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    while (!(await answers(url))) {
      if (started.exitCode !== null) throw new Error(`facefusion ui ended with ${started.exitCode}:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  // What goes wrong before somebody has the value leaves no process behind either.
  const endWithUs = (): unknown => child?.kill('SIGKILL');
  process.once('exit', endWithUs);
  await start();
  return {
    url,
    folder,
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGTERM');
      await start();
    },
    [Symbol.asyncDispose]: async () => {
      await end('SIGTERM');
      process.off('exit', endWithUs);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}v1/ready`)).ok;
  } catch {
    return false;
  }
};

/** A fixed one: the page has to find the service again at its old address. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}
