import type { AppError, ErrorCode } from '../core/errors.ts';
import type { I420Frame, RgbImage } from '../core/image.ts';
import type { Picture } from '../engine/frames/picture.ts';
import type { TargetFace } from '../engine/processors/processor.ts';
import type { OutputFile } from '../media/output-file.ts';
import type { FrameCounts } from './frame-counts.ts';
import type { PartFindings } from './guard/part-findings.ts';
import type { RunGuard } from './guard/run-guard.ts';
import type { RunStage, StageClock } from './stage-clock.ts';

/** What the steps know of a run. */
export interface TrustedRun {
  /** `live`: frames are shown as they come; files that are kept of them are runs of their own kind. */
  readonly kind: 'image' | 'video' | 'live';
  /** Ids of the processors, in order. */
  readonly processors: readonly string[];
  /** Lent. */
  readonly guard: RunGuard;
  /** Told what time is spent on. */
  readonly clock: StageClock;
}

/** A run that publishes a file. */
export interface PublishingRun extends TrustedRun {
  readonly kind: 'image' | 'video';
  /** What is being written. Steps read its partial file and leave publishing to the loop. */
  readonly output: OutputFile;
}

/** Where in the target a picture is. A photo is frame 0 at 0 seconds. */
export interface PicturePlace {
  readonly frameIndex: number;
  readonly timeSeconds: number;
  /** True where a new scene begins. */
  readonly isCut: boolean;
  /** True where it is kept as a photo by itself, which is looked at whenever the one before was. Default false. */
  readonly isPhoto?: boolean;
}

/** A chunk of a video that was made alone: frames `[startFrame, endFrame)` of the target. */
export interface MadeChunk {
  readonly startFrame: number;
  readonly endFrame: number;
  readonly findings: PartFindings;
}

/** How a live session went. */
export interface LiveEnd {
  readonly frames: FrameCounts;
  readonly seconds: number;
  /** Of the error that ended it. */
  readonly code?: ErrorCode | undefined;
}

/** One thing that must happen. Throwing an `AppError` ends the run and nothing is published. */
export interface TrustStep {
  readonly id: string;
  /** What its work on pictures counts as. Default `moderate`. */
  readonly stage?: RunStage;
  /** Before the output is opened; the place to refuse a run. */
  beforeFirstFrame?(run: TrustedRun): void | Promise<void>;
  /** On every picture as it came, before any processor. @param faces those that will be worked on */
  onOriginal?(
    picture: Picture,
    faces: readonly TargetFace[],
    place: PicturePlace,
    run: TrustedRun,
  ): void | Promise<void>;
  /** On every finished picture before it is written; may change its pixels. A photo is one `RgbImage`. */
  afterEachFrame?(picture: I420Frame | RgbImage, place: PicturePlace, run: TrustedRun): void | Promise<void>;
  /** When a run that had begun has ended without an output. */
  afterFailure?(error: AppError, run: TrustedRun): void | Promise<void>;
  /** When the one chunk that a run was to make is whole. */
  afterChunk?(chunk: MadeChunk, run: TrustedRun): void | Promise<void>;
  /** When the output is complete but still has its `.partial` name. */
  beforePublish?(run: PublishingRun): void | Promise<void>;
  /** When a live session has ended, however it did. */
  afterLive?(end: LiveEnd, run: TrustedRun): void | Promise<void>;
}
