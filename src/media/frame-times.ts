/**
 * Reads the time stamp of every frame from the lines that ffmpeg's `metadata` filter prints beside the raw video, which
 * has no time stamps of its own.
 */
import type { Readable } from 'node:stream';

/**
 * Filters that print one line a frame to file descriptor 3, in microseconds. `settb` comes first because the printed
 * seconds are rounded to six digits, while the printed ticks are exact.
 */
export const FRAME_TIME_FILTERS: readonly string[] = [
  'settb=1/1000000',
  'metadata=mode=add:key=frame:value=1',
  'metadata=mode=print:key=frame:direct=1:file=pipe\\\\:3',
];

export interface FrameTimes {
  /**
   * Time stamp of the next frame, in seconds; undefined when the frame has none. Call it once for each frame, in order.
   */
  next(): Promise<number | undefined>;
}

/** @param stream the child's file descriptor 3; it is read without pause, a few dozen bytes a frame */
export function createFrameTimes(stream: Readable): FrameTimes {
  const times: (number | undefined)[] = [];
  let partialLine = '';
  let ended = false;
  let wake: (() => void) | undefined;
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  stream.setEncoding('latin1').on('data', (text: string) => {
    const lines = (partialLine + text).split('\n');
    partialLine = lines.pop() ?? '';
    for (const line of lines) {
      const match = /^frame:\s*\d+\s+pts:\s*(\S+)/.exec(line);
      if (!match) continue;
      const ticks = Number(match[1]);
      times.push(Number.isFinite(ticks) ? ticks / 1e6 : undefined);
    }
    notify();
  });
  stream.once('close', () => {
    ended = true;
    notify();
  });
  return {
    async next() {
      while (times.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return times.shift();
    },
  };
}
