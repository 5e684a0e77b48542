/** A built `facefusion worker` on one core. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Starts it and waits until it says that it takes tasks. */
export async function startWorker(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  core: number,
): Promise<AsyncDisposable> {
  const child = spawn('taskset', ['-c', String(core), process.execPath, MAIN, 'worker', ...words, '--json=lines'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const hear = (text: string): void => {
      said += text;
      if (/ready|takes tasks|started/i.test(said)) resolve();
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}: ${said}`)));
  });
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
