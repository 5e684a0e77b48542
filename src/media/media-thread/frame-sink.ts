import { connect, type RemoteFfmpeg } from './media-thread.ts';

/** The standard input of an ffmpeg. The creator ends it with `process.stop` or `process.kill`. */
export interface FrameSink {
  readonly process: RemoteFfmpeg;
  /**
   * Sends buffers, one after another. Those in shared memory are not copied.
   * @returns when ffmpeg has them all and they may be used again: true; false where it has closed its input
   */
  send(parts: readonly Uint8Array[]): Promise<boolean>;
  /** Closes the input. */
  end(): void;
}

export interface FrameSinkOptions {
  readonly binary: string;
  readonly args: readonly string[];
}

/** Starts an ffmpeg and feeds it in the media thread, whatever this thread is doing. */
export function startFrameSink(options: FrameSinkOptions): FrameSink {
  const waiting: ((isTaken: boolean) => void)[] = [];
  let exited = false;
  const listener = {
    onTaken: (isTaken: boolean): void => waiting.shift()?.(isTaken),
    onExit(): void {
      exited = true;
      for (const resolve of waiting.splice(0)) resolve(false);
    },
  };
  const connection = connect({ type: 'sink', ...options }, listener);
  return {
    process: connection.process,
    send: (parts) =>
      exited
        ? Promise.resolve(false)
        : new Promise((resolve) => {
            waiting.push(resolve);
            connection.send(parts);
          }),
    end: () => connection.end(),
  };
}
