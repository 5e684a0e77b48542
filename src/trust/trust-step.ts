import type { I420Frame, RgbImage } from '../core/image.ts';

/** What the steps know of a run, and what they may add. */
export interface TrustedRun {
  readonly kind: 'image' | 'video';
  /** Ids of the processors, in order. */
  readonly processors: readonly string[];
  /** Metadata that the output file will carry: container tags of a video, XMP or EXIF of a photo. Steps add to it. */
  readonly metadata: Map<string, string>;
}

/** One thing that must happen. Throwing an `AppError` ends the run and nothing is published. */
export interface TrustStep {
  readonly id: string;
  /** Before the output is opened; the place to refuse a run and to add metadata. */
  beforeFirstFrame?(run: TrustedRun): void | Promise<void>;
  /** On every finished picture before it is written; may change its pixels. A photo is one `RgbImage`. */
  afterEachFrame?(picture: I420Frame | RgbImage, run: TrustedRun): void | Promise<void>;
  /** When the output is complete but still has its `.partial` name. */
  beforePublish?(run: TrustedRun): void | Promise<void>;
}
