import type { Duplex } from 'node:stream';
import type { Logger } from '../core/logger.ts';
import type { OnProgress } from '../core/progress.ts';
import type { SessionCache } from '../engine/inference/session-cache.ts';

/** What a caller may hand to a run besides its options. Everything is lent. */
export interface RunContext {
  /** Stops the run at the next frame; it then ends with `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  /** Called at most ten times a second and stage, and on the last frame. */
  readonly onProgress?: OnProgress | undefined;
  readonly logger?: Logger | undefined;
  /** Folder with the ONNX files and their manifest; by default the package's own. */
  readonly modelDirectory?: string | undefined;
  /** Sessions that a process which makes many runs keeps loaded. */
  readonly sessions?: SessionCache | undefined;
  /** Where a small picture of the latest frame of a video goes, at most once a second: a `.jpg`. */
  readonly latestFramePath?: string | undefined;
  /** Frames of a camera, in both directions. */
  readonly frames?: Duplex | undefined;
}
