/** What the program and the thread that serves ffmpeg's pipes say to each other. `id` names one ffmpeg. */
import type { ChildExit } from '../ffmpeg-process.ts';

export interface StartRequest {
  readonly id: number;
  readonly binary: string;
  readonly args: readonly string[];
  /** See `shareProcessGroup`. */
  readonly sharesGroup: boolean;
  /**
   * One number in shared memory, so that nobody has to be told: the process id from the moment ffmpeg runs, its negative
   * once it is gone. Stays 0 where it could not be started.
   */
  readonly processId: Int32Array;
}

export type Request =
  | (StartRequest & {
      readonly type: 'source';
      readonly frameBytes: number;
      /** Frames in memory at most. */
      readonly bufferCount: number;
    })
  | { readonly type: 'recycle'; readonly id: number; readonly buffer: number }
  | (StartRequest & { readonly type: 'sink' })
  | { readonly type: 'send'; readonly id: number; readonly parts: readonly Uint8Array[] }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'stop'; readonly id: number; readonly kills: boolean }
  /** Ends the thread, which serves nobody. */
  | { readonly type: 'close' };

export type Answer =
  /** `data` comes with the first frame in this buffer. */
  | {
      readonly type: 'frame';
      readonly id: number;
      readonly buffer: number;
      readonly data?: Uint8Array;
      readonly seconds: number | undefined;
    }
  /** All frames of a source have been sent. */
  | { readonly type: 'drained'; readonly id: number }
  /** The oldest frame that a sink was sent has been taken, or could not be written. */
  | { readonly type: 'taken'; readonly id: number; readonly isTaken: boolean }
  | { readonly type: 'exited'; readonly id: number; readonly exit: ChildExit; readonly stderr: string };
