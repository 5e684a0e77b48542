/** What the journal of a chunk folder says, line by line. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** Raised whenever chunks of an older program cannot be gone on with. */
export const FORMAT = 1;
/** Its name in the folder. */
export const JOURNAL = 'journal.jsonl';

/** What is known of a chunk that is whole. Times are seconds from the start of the target. */
export interface ChunkRecord {
  readonly index: number;
  /** `[startFrame, endFrame)` of the target. */
  readonly startFrame: number;
  readonly endFrame: number;
  /** Frames in the file: others than those of the target where the frame rate was changed. */
  readonly frames: number;
  /** When its first and its last frame are shown. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  /** When the last frame that was read from the target is shown. */
  readonly lastReadSeconds: number;
  readonly bytes: number;
  /** Whatever the maker wants back, in JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export const chunkRecordSchema = z.object({
  index: z.number().int(),
  startFrame: z.number().int(),
  endFrame: z.number().int(),
  frames: z.number().int(),
  firstSeconds: z.number(),
  lastSeconds: z.number(),
  lastReadSeconds: z.number(),
  bytes: z.number(),
  facts: z.record(z.string(), z.unknown()),
});
const lineSchema = z.union([
  z.object({ format: z.number(), key: z.string() }),
  z.object({ chunk: chunkRecordSchema, stateSha256: z.string() }),
  z.object({ endFrame: z.number().int() }),
]);

/** What is written of a journal: first its head, then a line for each chunk that is whole, and where the target ends. */
export type JournalLine = z.input<typeof lineSchema>;

export const toLine = (line: JournalLine): string => `${JSON.stringify(line)}\n`;

/** Folder of the chunks of an output. */
export const chunkFolderPath = (outputPath: string): string => `${outputPath}.chunks`;

/** Name of the files of a chunk, without ending. */
export const chunkName = (index: number): string => `chunk-${String(index).padStart(6, '0')}`;

export interface Journal {
  readonly key: string;
  readonly chunks: ReadonlyMap<number, { readonly chunk: ChunkRecord; readonly stateSha256: string }>;
  readonly endFrame: number | undefined;
}

/** Reads a journal up to the first line that is not whole; undefined where there is none of this format. */
export async function readJournal(path: string): Promise<Journal | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const [first, ...rest] = text?.split('\n') ?? [];
  const head = parseLine(first);
  if (!head || !('format' in head) || head.format !== FORMAT) return undefined;
  const chunks = new Map<number, { chunk: ChunkRecord; stateSha256: string }>();
  let endFrame: number | undefined;
  for (const text of rest) {
    const line = parseLine(text);
    if (!line) break;
    if ('chunk' in line) chunks.set(line.chunk.index, line);
    if ('endFrame' in line) endFrame = line.endFrame;
  }
  return { key: head.key, chunks, endFrame };
}

function parseLine(text: string | undefined): z.output<typeof lineSchema> | undefined {
  if (!text) return undefined;
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    // Torn by a crash: it and all behind it never counted.
    return undefined;
  }
}
