import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from a file of this program.
 * @param here   `import.meta.url` of the caller
 * @param name   of the file beside it, without ending: `.js` once built, `.ts` in development, where the thread first
 *   learns to read TypeScript
 * @param data   what `workerData` holds there
 */
export function startThread(here: string, name: string, data: unknown): Worker {
  const isBuilt = here.endsWith('.js');
  const url = new URL(`${name}${isBuilt ? '.js' : '.ts'}`, here);
  const options: WorkerOptions = { workerData: data, env: SHARE_ENV };
  // Without the flags of the program, some of which (`--input-type`, `--eval`) a file does not take.
  if (isBuilt) return new Worker(url, { ...options, execArgv: [] });
  const loader = import.meta.resolve('tsx/esm/api');
  const code = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(url.href)});
  });`;
  return new Worker(code, { ...options, eval: true });
}
