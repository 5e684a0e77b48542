import type { z } from 'zod';
import type { Region, RgbImage } from '../../core/image.ts';
import type { Logger } from '../../core/logger.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { StageTimer } from '../../core/stage-timer.ts';
import type { Face, FaceMesh } from '../faces/face.ts';
import type { Picture } from '../frames/picture.ts';
import type { ModelStore } from '../inference/session.ts';

/** A source photo with the face that gives the identity. */
export interface SourcePhoto {
  readonly path: string;
  readonly image: RgbImage;
  /** The largest face of the photo. */
  readonly face: Face;
}

/** Something the user should know although the run goes on. */
export interface Note {
  /** Kebab-case, stable: `source-turned`, `source-small`, `several-faces` … */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A face of a target frame. `trackId` is stable over the frames of a clip; 0, 1, 2 … on a photo. */
export interface TargetFace {
  readonly trackId: number;
  /** Smoothed over time in a video. */
  readonly mesh: FaceMesh;
  readonly meshScore: number;
}

/**
 * The pixels of one region, lent by a processor. `out` equals `before` when the processor is called; the processor
 * writes `out` and never `before`. Both have exactly the region's size. Their `data` may be another array after each
 * call: take it anew.
 */
export interface FacePixels {
  readonly before: RgbImage;
  readonly out: RgbImage;
  /** Writes what changed back into the picture that they came from. */
  writeBack(): void;
}

export interface FrameTime {
  readonly frameIndex: number;
  readonly timeSeconds: number;
  /** A photo: nothing is averaged over time, every step takes its full quality. */
  readonly isStill: boolean;
}

export type LeftAloneReason = 'turned' | 'small' | 'uncertain';

/** What became of one face of one frame. */
export type FaceOutcome =
  | { readonly kind: 'changed' }
  | { readonly kind: 'left-alone'; readonly reason: LeftAloneReason };

/** One run's instance of a processor that works face by face. Its creator disposes it. */
export interface FaceProcessor extends AsyncDisposable {
  readonly id: string;
  /** What the user should know about the sources, found while they were read. */
  readonly notes: readonly Note[];
  /** The part of the frame needed around this face: even coordinates, inside the frame. */
  regionOf(face: TargetFace, frame: { readonly width: number; readonly height: number }): Region;
  /**
   * Takes the pixels of a region out of a picture, into memory of the processor: bounded by the region, and valid until
   * the next call.
   */
  takePixels(picture: Picture, region: Region): FacePixels;
  /**
   * @param pixels lent by `takePixels` of the same processor, for the region of this face
   * @param face   its mesh in coordinates of the region
   */
  processFace(pixels: FacePixels, face: TargetFace, time: FrameTime): Promise<FaceOutcome>;
  /** Drops what was remembered of a track: after a scene cut, or when the face is gone. */
  forget(trackId: number): void;
  /**
   * A copy of all that is remembered of the frames so far, as plain data that `v8.serialize` takes. Owned by the caller.
   * Not while `processFace` runs.
   */
  save(): unknown;
  /**
   * Takes the place of what is remembered: the frames that follow come out as if this processor had seen those before.
   * @param state what `save` gave, in the same version and with the same options and sources; it is copied
   */
  restore(state: unknown): Promise<void>;
}

export interface ProcessorContext {
  readonly store: ModelStore;
  readonly options: ResolvedProcessOptions;
  readonly sources: readonly SourcePhoto[];
  readonly logger: Logger;
  /** Told what is being done to a face. */
  readonly timer?: StageTimer | undefined;
}

/** A processor as the registry knows it: adding one is a file that exports this, and a line in `registry.ts`. */
export interface ProcessorDefinition {
  readonly id: string;
  /** Its own options; the run's schema contains them under the same names. */
  readonly options: Readonly<Record<string, z.ZodType>>;
  /** True where the processor needs `sourcePaths`. */
  readonly needsSource: boolean;
  create(context: ProcessorContext): Promise<FaceProcessor>;
}

/** Declares a processor. */
export function defineProcessor(definition: ProcessorDefinition): ProcessorDefinition {
  return definition;
}
