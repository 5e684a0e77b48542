/** No output is published that does not say in its metadata that a machine altered it. */
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { DIGITAL_SOURCE_TYPE } from '../media/ai-marking.ts';
import type { TrustStep } from './trust-step.ts';

/** Metadata stands at the beginning or at the end of every format, within this many bytes. */
const SEARCH_BYTES = 4 * 1024 * 1024;
/** Formats without a place for it. */
const WITHOUT_METADATA: readonly string[] = ['.bmp'];

/** The writers in `media` put the marking in; this makes sure that it is there before anybody sees the file. */
export const provenance: TrustStep = {
  id: 'provenance',
  async beforePublish({ output }) {
    if (WITHOUT_METADATA.includes(extname(output.path).toLowerCase())) return;
    if (await containsText(output.partialPath, DIGITAL_SOURCE_TYPE)) return;
    throw new AppError('INTERNAL', 'The output does not carry its provenance metadata and was not published.');
  },
};

/** Whether a file holds this ASCII text in its first or last bytes. */
async function containsText(path: string, text: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, SEARCH_BYTES);
    const part = Buffer.alloc(length);
    for (const start of [0, size - length]) {
      await file.read(part, 0, length, start);
      if (part.includes(text, 0, 'latin1')) return true;
    }
    return false;
  } finally {
    await file.close();
  }
}
