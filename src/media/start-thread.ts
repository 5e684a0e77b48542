import { Worker } from 'node:worker_threads';

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
  if (isBuilt) return new Worker(url, { workerData: data });
  const loader = import.meta.resolve('tsx/esm/api');
  const code = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(url.href)});
  });`;
  return new Worker(code, { eval: true, workerData: data });
}
