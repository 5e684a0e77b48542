import { spawn } from 'node:child_process';
import { AppError } from '../../core/errors.ts';

/** The program of each system that opens an address in the browser that its user has chosen. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const OTHERS = ['xdg-open'] as const;

/**
 * Opens an address in a browser, which stays when this process ends.
 * @param url of the service, never anybody's text
 * @throws SETUP_FAILED where this system has no program for it
 */
export async function openBrowser(url: string, platform: NodeJS.Platform = process.platform): Promise<void> {
  const [program, ...words] = OPENERS[platform] ?? OTHERS;
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program ?? OTHERS[0], [...words, url], { detached: true, stdio: 'ignore' });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
    child.once('error', (cause) => {
      reject(
        new AppError('SETUP_FAILED', `No browser could be opened: ${program} is not there.`, {
          hint: `Open ${url} yourself.`,
          cause,
        }),
      );
    });
  });
}
