/** What the frame loop of videos is given, and what it gives back. */
import type { AppError } from '../core/errors.ts';
import type { FaceTracker } from '../engine/faces/track.ts';
import type { ChunkFolder } from '../media/chunk-folder.ts';
import type { ChunkWriterOptions } from '../media/chunk-writer.ts';
import type { VideoInfo } from '../media/probe.ts';
import type { FaceChooser } from './face-chooser.ts';
import type { FaceWork } from './face-work.ts';
import type { FrameCounts } from './frame-counts.ts';
import type { FrameRate } from './frame-rate.ts';
import type { PartFindings } from './guard/part-findings.ts';
import type { ChunkPlan } from './plan-chunks.ts';
import type { Remembering } from './saved-state.ts';
import type { StageClock } from './stage-clock.ts';
import type { TrustedRun } from './trust-step.ts';

/** What the loop works with. Everything is lent. */
export interface ChunkWork {
  readonly targetPath: string;
  readonly info: VideoInfo;
  /** `[startFrame, endFrame)` of the target; without an end, to its last frame. */
  readonly startFrame: number;
  readonly endFrame?: number | undefined;
  readonly folder: ChunkFolder;
  readonly encoding: ChunkWriterOptions;
  readonly rate: FrameRate;
  /** True where `rate` may show a frame again. */
  readonly keepsLast: boolean;
  readonly tracker: FaceTracker;
  /** Frames by which the tracker is ahead of the processors. */
  readonly lookAhead: number;
  /** Frames by which the decoder may be ahead. */
  readonly readAhead: number;
  readonly chooser: FaceChooser;
  readonly faces: FaceWork;
  /** 2: a chunk is begun while the encoder of the one before completes its file; 1: it waits. */
  readonly encodersAtOnce: 1 | 2;
  readonly trusted: TrustedRun;
  readonly clock: StageClock;
  readonly signal?: AbortSignal | undefined;
  /** Called after each frame that is done. */
  readonly onFrame: () => void;
}

/** How a stretch of chunks ended. */
export interface StretchEnd {
  /** Frame behind the last one, where the target has been read to its end. */
  readonly endFrame?: number;
  /** Set where the target ended before its container said it would. */
  readonly truncated?: AppError;
}

/** What the record of a chunk says about its frames. */
export interface ChunkFacts {
  readonly counts: FrameCounts;
  /** The most faces that one frame showed, chosen or not. */
  readonly mostFaces: number;
  /** True where a face was chosen in some frame. */
  readonly chosen: boolean;
  /** Absent in chunks of versions that did not keep it. */
  readonly findings?: PartFindings;
}

/** A stretch of consecutive chunks. */
export interface Stretch {
  readonly plan: ChunkPlan;
  /** Chunk to begin with: gone on with from the state after the one before it, where that is kept, else after a warm-up. */
  readonly first: number;
  /** True to make only that; else all up to one that is there already, or to the end of the target. */
  readonly onlyOne: boolean;
  /** What `saveStates(rememberedBy(work))` gave before the first frame: a stretch may come after another. */
  readonly blank: Uint8Array;
}

/** Everything lent to the loop that remembers frames. */
export const rememberedBy = (work: ChunkWork): Readonly<Record<string, Remembering>> => ({
  tracker: work.tracker,
  chooser: work.chooser,
  rate: work.rate,
  faces: work.faces,
});
