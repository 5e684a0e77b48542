import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { policyTemplate } from '../../trust/policy/policy-template.ts';
import { policyPath } from '../../trust/policy/read-policy.ts';
import type { Terminal } from '../terminal.ts';

/** Writes the template. @throws OUTPUT_EXISTS, OUTPUT_FAILED */
export async function writePolicy(terminal: Terminal, file: string | undefined): Promise<void> {
  const path = file === undefined ? policyPath() : resolve(file);
  try {
    // The default place is made; a folder that somebody names must be there.
    if (file === undefined) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, policyTemplate(), { flag: 'wx', mode: 0o644 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new AppError('OUTPUT_EXISTS', `There is a file ${path} already.`, {
        hint: 'Edit it, or name another file.',
      });
    }
    throw new AppError('OUTPUT_FAILED', `${path} cannot be written: ${(cause as Error).message}.`, { cause });
  }
  terminal.result('policy init', { file: path }, () =>
    terminal.say(`Wrote ${path}. Edit it, then: facefusion policy check ${path}`),
  );
}
