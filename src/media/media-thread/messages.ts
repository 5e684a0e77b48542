/** What the program and the thread that serves ffmpeg's pipes say to each other. `id` names one ffmpeg. */
import type { ChildExit } from '../ffmpeg-process.ts';

export interface StartRequest {
  readonly id: number;
  readonly binary: string;
  readonly args: readonly string[];
  /** See `shareProcessGroup`. */
  readonly sharesGroup: boolean;
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
  | { readonly type: 'stop'; readonly id: number; readonly kills: boolean };

export type Answer =
  | { readonly type: 'started'; readonly id: number; readonly processId: number | undefined }
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
