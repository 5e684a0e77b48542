import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../core/errors.ts';
import type { Note } from '../engine/processors/processor.ts';
import type { OutputFile } from '../media/output-file.ts';

/**
 * Publishes the target's bytes unchanged as the output.
 * @param why the error that the run would have ended with
 * @returns the note that says so
 * @throws OUTPUT_FAILED; then nothing is left behind
 */
export async function copyTarget(targetPath: string, output: OutputFile, why: AppError): Promise<Note> {
  try {
    await pipeline(createReadStream(targetPath), createWriteStream(output.partialPath));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('OUTPUT_FAILED', `The target could not be copied to the output: ${reason}.`, { cause });
  }
  await output.commit();
  return { code: 'target-copied', message: `${why.message} The output is an unchanged copy of the target.` };
}
