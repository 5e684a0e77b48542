/**
 * Cuts a raw byte stream into frames. Bytes go straight from the pipe's chunks into frame buffers that are allocated
 * once and used again; when none is free, the pipe is paused, and so is ffmpeg. (`data` events into recycled buffers
 * carried 1464 MB/s, a chunk list with one concat a frame 965, for 1080p RGB on two cores.)
 */
import type { Readable } from 'node:stream';

export interface FrameAssembler {
  /** The next whole frame, or undefined when the stream has ended. Give it back with `recycle`. */
  next(): Promise<Uint8Array | undefined>;
  /** Takes a buffer back for reuse. */
  recycle(buffer: Uint8Array): void;
  /** Bytes of an unfinished frame, to be asked after the end. */
  readonly leftoverBytes: number;
}

/**
 * @param stream raw frames one after another
 * @param frameBytes size of one
 * @param bufferCount frames in memory at most, lent ones included
 */
export function createFrameAssembler(stream: Readable, frameBytes: number, bufferCount: number): FrameAssembler {
  const free: Uint8Array[] = [];
  let allocated = 0;
  const ready: Uint8Array[] = [];
  let current: Uint8Array | undefined;
  let filled = 0;
  /**
   * Bytes that found no free buffer. Usually the rest of one chunk; when the child exits, Node resumes its paused pipes,
   * and what the pipe still held, some 200 kB at most, arrives as well.
   */
  const waiting: Buffer[] = [];
  let ended = false;
  let wake: (() => void) | undefined;

  const takeFree = (): Uint8Array | undefined => {
    const buffer = free.pop();
    if (buffer || allocated === bufferCount) return buffer;
    allocated++;
    // Shared, so that other threads can work on a frame where it is.
    return new Uint8Array(new SharedArrayBuffer(frameBytes));
  };
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  /** Copies a chunk into frames; returns what found no room. */
  const consume = (chunk: Buffer): Buffer | undefined => {
    let from = 0;
    while (from < chunk.length) {
      current ??= takeFree();
      if (!current) return chunk.subarray(from);
      const count = Math.min(chunk.length - from, frameBytes - filled);
      current.set(chunk.subarray(from, from + count), filled);
      filled += count;
      from += count;
      if (filled < frameBytes) continue;
      ready.push(current);
      current = undefined;
      filled = 0;
      notify();
    }
    return undefined;
  };

  stream.on('data', (chunk: Buffer) => {
    const rest = waiting.length > 0 ? chunk : consume(chunk);
    if (!rest) return;
    waiting.push(rest);
    stream.pause();
  });
  stream.once('close', () => {
    ended = true;
    notify();
  });

  return {
    async next() {
      while (ready.length === 0 && !(ended && waiting.length === 0)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return ready.shift();
    },
    recycle(buffer) {
      free.push(buffer);
      if (waiting.length === 0) return;
      for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) {
        const rest = consume(chunk);
        if (!rest) continue;
        waiting.unshift(rest);
        return;
      }
      stream.resume();
      if (ended) notify();
    },
    get leftoverBytes() {
      return filled;
    },
  };
}
