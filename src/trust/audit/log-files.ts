/** The files of an audit log and what is known of its end. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const logFiles = (folder: string) =>
  ({
    log: join(folder, 'audit.log'),
    personal: join(folder, 'personal.log'),
    head: join(folder, 'head.json'),
    checkpoints: join(folder, 'checkpoints.txt'),
    lock: join(folder, 'audit.lock'),
  }) as const;

export type LogFiles = ReturnType<typeof logFiles>;

export const headSchema = z.object({
  /** Lines, and their bytes. */
  size: z.number().int().min(0),
  bytes: z.number().int().min(0),
  /** Hash of the last line, and its time. */
  last: z.string(),
  time: z.string(),
  /** Right edge of the hash tree, hexadecimal. */
  peaks: z.array(z.string()),
});

/** Where the log ends. Derived from the log: where it is missing it is made anew. */
export type LogHead = z.infer<typeof headSchema>;

/** Hash of the line before the first. */
export const NO_HASH = '0'.repeat(64);

export const EMPTY_HEAD: LogHead = { size: 0, bytes: 0, last: NO_HASH, time: '', peaks: [] };

/** Of a line without its line feed: what the next line refers to. */
export const lineHash = (line: Uint8Array): string => createHash('sha256').update(line).digest('hex');

/** One line of a file. */
export interface Line {
  /** Without the line feed. A view, valid until the next line is asked for. */
  readonly bytes: Buffer;
  /** Where it begins. */
  readonly offset: number;
  /** False for what stands behind the last line feed. */
  readonly isWhole: boolean;
}

/** Reads a file line by line; memory is bounded by the longest line. A file that is not there has none. */
export async function* readLines(path: string, start = 0): AsyncGenerator<Line, void, void> {
  let rest = Buffer.alloc(0);
  let offset = start;
  try {
    for await (const part of createReadStream(path, { start, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      let block = rest.length === 0 ? part : Buffer.concat([rest, part]);
      for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10)) {
        yield { bytes: block.subarray(0, end), offset, isWhole: true };
        offset += end + 1;
        block = block.subarray(end + 1);
      }
      rest = Buffer.from(block);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (rest.length > 0) yield { bytes: rest, offset, isWhole: false };
}
