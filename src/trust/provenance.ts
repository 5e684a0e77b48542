/** No output is published that does not say in its metadata that a machine altered it. */
import { open, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { AppError } from '../core/errors.ts';
import { DIGITAL_SOURCE_TYPE } from '../media/ai-marking.ts';
import type { PublishingRun, TrustStep } from './trust-step.ts';

/** Metadata stands at the beginning or at the end of every format, within this many bytes. */
const SEARCH_BYTES = 4 * 1024 * 1024;
/** Formats without a place for it. */
const WITHOUT_METADATA: readonly string[] = ['.bmp'];
/** WMV has text of 16 bits, little end first; MXF the other way. */
const spellingsOf = (term: string): readonly Buffer[] => [
  Buffer.from(term, 'latin1'),
  Buffer.from(term, 'utf16le'),
  Buffer.from(term, 'utf16le').swap16(),
];
const SPELLINGS = spellingsOf(DIGITAL_SOURCE_TYPE);
/** What libvips calls XMP in a PNG; it compresses it. The keyword ends with a zero, the method byte follows. */
const PNG_XMP = Buffer.from('zTXtXML:com.adobe.xmp\0\0', 'latin1');

/** The writers in `media` put the marking in; this makes sure that it is there before anybody sees the file. */
export const provenance = {
  id: 'provenance',
  async beforePublish({ output }: Pick<PublishingRun, 'output'>) {
    if (WITHOUT_METADATA.includes(extname(output.path).toLowerCase())) return;
    for (const path of await filesOf(output.partialPath)) {
      if (!(await isMarked(path))) throw notMarked();
    }
  },
} as const satisfies TrustStep;

const notMarked = (): AppError =>
  new AppError('INTERNAL', 'The output does not carry its provenance metadata and was not published.');

/** The files of an image sequence, or the one file. */
async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  return (await readdir(path)).map((name) => join(path, name));
}

/** Whether the first or last bytes of a file hold the marking. */
export const isMarked = (path: string): Promise<boolean> => holds(path, SPELLINGS, DIGITAL_SOURCE_TYPE);

/** The end of every IPTC term for what a trained model has made, in whole or in part. */
const TRAINED = 'rainedAlgorithmicMedia';

/** Whether the first or last bytes of a file say, in anybody's words of IPTC, that a model made it or a part of it. */
export const saysTrained = (path: string): Promise<boolean> => holds(path, spellingsOf(TRAINED), TRAINED);

async function holds(path: string, spellings: readonly Buffer[], term: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, SEARCH_BYTES);
    const part = Buffer.alloc(length);
    for (const start of new Set([0, size - length])) {
      await file.read(part, 0, length, start);
      if (holdsMarking(part, spellings, term)) return true;
    }
    return false;
  } finally {
    await file.close();
  }
}

function holdsMarking(bytes: Buffer, spellings: readonly Buffer[], term: string): boolean {
  if (spellings.some((spelling) => bytes.includes(spelling))) return true;
  const packed = bytes.indexOf(PNG_XMP);
  if (packed < 4) return false;
  const start = packed + PNG_XMP.length;
  // The chunk's length stands before its type and counts keyword and method, but not the type.
  const end = packed + 4 + bytes.readUInt32BE(packed - 4);
  return inflateSync(bytes.subarray(start, end)).includes(term);
}
