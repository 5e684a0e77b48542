import { connect, type RemoteFfmpeg } from './media-thread.ts';

/** One raw frame in shared memory, with its time stamp in seconds, where ffmpeg printed one. */
export interface RawFrame {
  readonly data: Uint8Array;
  readonly seconds: number | undefined;
}

/** Frames that an ffmpeg writes to its standard output. The creator ends it with `process.stop`. */
export interface FrameSource {
  readonly process: RemoteFfmpeg;
  /** The next frame, or undefined when the stream has ended. Give its data back with `recycle`. */
  next(): Promise<RawFrame | undefined>;
  recycle(data: Uint8Array): void;
}

export interface FrameSourceOptions {
  readonly binary: string;
  /** They write raw frames to `pipe:1` and what `FRAME_TIME_FILTERS` print to descriptor 3. */
  readonly args: readonly string[];
  readonly frameBytes: number;
  /** Frames in memory at most, lent ones included. When all are in use, ffmpeg waits. */
  readonly bufferCount: number;
  readonly signal?: AbortSignal | undefined;
}

/** Starts an ffmpeg and reads its frames in the media thread, whatever this thread is doing. */
export function startFrameSource({ signal, ...options }: FrameSourceOptions): FrameSource {
  const ready: RawFrame[] = [];
  /** The same views each time, by their number. */
  const buffers: Uint8Array[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const notify = (): void => {
    wake?.();
    wake = undefined;
  };
  const end = (): void => {
    ended = true;
    notify();
  };
  const listener = {
    onFrame(buffer: number, data: Uint8Array | undefined, seconds: number | undefined): void {
      if (data) buffers[buffer] = data;
      ready.push({ data: buffers[buffer]!, seconds });
      notify();
    },
    onDrained: end,
    onExit: end,
  };
  const connection = connect({ type: 'source', ...options }, listener, signal);
  return {
    process: connection.process,
    async next() {
      while (ready.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return ready.shift();
    },
    recycle: (data) => connection.recycle(buffers.indexOf(data)),
  };
}
