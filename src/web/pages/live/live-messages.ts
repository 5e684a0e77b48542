/** What the page and its worker say to each other. */
import type { Problem } from '../../state/api.ts';
import type { KeptMessage } from './live-kept.ts';

export type LiveView = 'result' | 'split' | 'original';

/** What may change while it goes on. */
export interface LiveSettings {
  /** Number of the source that is put in. */
  readonly source: number;
  readonly mirror: boolean;
  readonly view: LiveView;
  /** Where the original ends and the result begins, 0..1. */
  readonly split: number;
  /** Of frames, in pixels. */
  readonly width: number;
  readonly height: number;
}

export type ToWorker =
  | {
      readonly type: 'start';
      readonly canvas: OffscreenCanvas;
      /** Where the browser gives frames as a stream; elsewhere they come one by one. */
      readonly frames?: ReadableStream<VideoFrame> | undefined;
      readonly settings: LiveSettings;
    }
  | { readonly type: 'frame'; readonly frame: VideoFrame | ImageBitmap }
  | { readonly type: 'settings'; readonly settings: LiveSettings }
  | { readonly type: 'connect'; readonly url: string; readonly protocols: readonly string[] }
  /** Goes to the service as it is. */
  | { readonly type: 'ask'; readonly what: 'snapshot' | 'record' | 'stop-recording' }
  /** Ends the session; the service answers with its last word. */
  | { readonly type: 'hang-up' };

/** Counted since the worker began; rates and latency of the last second. */
export interface LiveStats {
  readonly shown: number;
  /** Sent, and overtaken by newer ones. */
  readonly dropped: number;
  readonly withoutFace: number;
  /** Frames a second that are shown, and that the camera gives. */
  readonly fps: number;
  readonly cameraFps: number;
  /** From the camera to the picture, in milliseconds; undefined where nothing was shown. */
  readonly latencyMs: number | undefined;
  /** Of the newest frame; 0 before the first. */
  readonly width: number;
  readonly height: number;
  readonly faces: number;
}

export type FromWorker =
  | { readonly type: 'ready'; readonly job: string }
  | { readonly type: 'stats'; readonly stats: LiveStats }
  | { readonly type: 'heard'; readonly message: KeptMessage }
  /** The camera gives no more frames. */
  | { readonly type: 'camera-ended' }
  | {
      readonly type: 'closed';
      /** Undefined where the line broke, or the caller ended it. */
      readonly problem: Problem | undefined;
      /** True where the service said its last word. */
      readonly isOver: boolean;
      /** What the mark of every frame says. */
      readonly job: string | undefined;
    };
