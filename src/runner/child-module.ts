import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Where a file of this program is that runs in a child process, and the flags with which Node reads it.
 * @param here `import.meta.url` of the caller
 * @param name of the file from there, without ending: `.js` once built, `.ts` in development
 */
export function childModule(here: string, name: string): { readonly url: URL; readonly execArgv: string[] } {
  const ending = extname(fileURLToPath(here));
  return {
    url: new URL(`${name}${ending}`, here),
    execArgv: ending === '.ts' ? ['--import', typeScriptLoader()] : [],
  };
}

/** For runs from the sources. Found from here, wherever the program was called. */
const typeScriptLoader = (): string => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
