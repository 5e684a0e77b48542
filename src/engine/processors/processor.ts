import type { z } from 'zod';
import type { Region, RgbImage } from '../../core/image.ts';
import type { Logger } from '../../core/logger.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { StageTimer } from '../../core/stage-timer.ts';
import type { Face, FaceMesh } from '../faces/face.ts';
import type { Picture } from '../frames/picture.ts';
import type { ModelStore } from '../inference/session.ts';
import type { CatalogueModel } from '../models/catalogue/catalogue-model.ts';

/** A source photo with the face that gives the identity. */
export interface SourcePhoto {
  readonly path: string;
  /** Names all that follows: content of the file, and how the face was found. Absent: nobody keeps anything of it. */
  readonly id?: string;
  readonly image: RgbImage;
  /** The largest face of the photo. */
  readonly face: Face;
}

/** Sound as it was decoded: interleaved stereo, 48 kHz, 16 bits. */
export interface SourceAudio {
  readonly path: string;
  readonly samples: Int16Array;
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
  /** Detector score, 0..1, where it is known. */
  readonly score?: number;
  /** 5 x (x, y) and 68 x (x, y) of a landmarker that the user has chosen; absent: they are read off the mesh. */
  readonly landmarks5?: Float32Array;
  readonly landmarks68?: Float32Array;
}

/**
 * The pixels of one region, lent by a processor. `out` equals `before` when the processor is called; the processor
 * writes `out` and never `before`. Both have exactly the region's size. Their `data` may be another array after each
 * call: take it anew.
 */
export interface LentPixels {
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

/** `invalid-output`: a model gave numbers that are no picture (NaN, infinity). */
export type LeftAloneReason = 'turned' | 'small' | 'uncertain' | 'invalid-output';

/** What became of one face of one frame. */
export type FaceOutcome =
  | { readonly kind: 'changed' }
  | { readonly kind: 'left-alone'; readonly reason: LeftAloneReason };

/** What all processors have. Its creator disposes it. */
interface CommonProcessor extends AsyncDisposable {
  readonly id: string;
  /** What the user should know about the sources, found while they were read. */
  readonly notes: readonly Note[];
  /** Drops what was remembered of a track: after a scene cut, or when the face is gone. */
  forget(trackId: number): void;
  /**
   * A copy of all that is remembered of the frames so far, as plain data that `v8.serialize` takes. Owned by the caller.
   * Not while it works.
   */
  save(): unknown;
  /**
   * Takes the place of what is remembered: the frames that follow come out as if this processor had seen those before.
   * @param state what `save` gave, in the same version and with the same options and sources; it is copied
   */
  restore(state: unknown): Promise<void>;
}

/** One run's instance of a processor that works face by face. */
export interface FaceProcessor extends CommonProcessor {
  readonly kind: 'face';
  /** True where `takePixels` wants the picture as it was before any processor. Default false. */
  readonly needsOriginal?: boolean;
  /** The part of the frame needed around this face: even coordinates, inside the frame. */
  regionOf(face: TargetFace, frame: { readonly width: number; readonly height: number }): Region;
  /**
   * Takes the pixels of a region out of a picture, into memory of the processor: bounded by the region, and valid until
   * the next call.
   * @param original the same picture before any processor; only where `needsOriginal`
   */
  takePixels(picture: Picture, region: Region, original?: Picture): LentPixels;
  /**
   * @param pixels lent by `takePixels` of the same processor, for the region of this face
   * @param face   its mesh in coordinates of the region
   */
  processFace(pixels: LentPixels, face: TargetFace, time: FrameTime): Promise<FaceOutcome>;
}

/** A whole picture, with what is transparent: one byte a pixel, 255 opaque; absent where all is. */
export interface WholePicture extends RgbImage {
  readonly alpha?: Uint8Array | undefined;
}

/** What became of a whole picture. */
export type FrameOutcome =
  | { readonly kind: 'changed'; readonly picture: WholePicture }
  | { readonly kind: 'left-alone'; readonly reason: LeftAloneReason };

/** One run's instance of a processor that works on whole pictures. */
export interface FrameProcessor extends CommonProcessor {
  readonly kind: 'frame';
  /** Factor by which width and height grow: a whole number from 1. */
  readonly scale: number;
  /** True where results have `alpha`. */
  readonly givesAlpha: boolean;
  /**
   * @param picture lent and not changed; the result may share its memory where nothing was changed
   * @param faces   those that were chosen, in coordinates of the picture; empty where `needsFaces` is false
   * @returns a picture of `scale` times the size, owned by the caller
   */
  processFrame(picture: WholePicture, faces: readonly TargetFace[], time: FrameTime): Promise<FrameOutcome>;
}

export type Processor = FaceProcessor | FrameProcessor;

export interface ProcessorContext {
  readonly store: ModelStore;
  readonly options: ResolvedProcessOptions;
  readonly sources: readonly SourcePhoto[];
  /** Sound of the source, where a processor `needsAudio`. */
  readonly audio?: SourceAudio | undefined;
  readonly logger: Logger;
  /** Told what is being done to a face. */
  readonly timer?: StageTimer | undefined;
}

/** A processor as the registry knows it: adding one is a file that exports this, and a line in `registry.ts`. */
export interface ProcessorDefinition<P extends Processor = Processor> {
  readonly id: string;
  readonly kind: P['kind'];
  /** Its own options; the run's schema contains them under the same names. */
  readonly options: Readonly<Record<string, z.ZodType>>;
  /** True where the processor needs photos of a face in `sourcePaths`, or sound. */
  readonly needsSource: boolean;
  readonly needsAudio?: boolean;
  /** False for processors of whole pictures that are the same whoever is in them: faces are not even looked for. */
  readonly needsFaces: boolean;
  /** Whether results have alpha, before anything is loaded: not every output can have that. Absent: never. */
  givesAlpha?(options: ResolvedProcessOptions): boolean;
  /**
   * Looks at what the schema cannot know, before anything is loaded.
   * @param modelOf what a model of the user's is; undefined for those that are built in
   * @throws OPTION_INVALID
   */
  checkOptions?(options: ResolvedProcessOptions, modelOf: (id: string) => CatalogueModel | undefined): void;
  create(context: ProcessorContext): Promise<P>;
}

/** What a processor that remembers nothing of earlier frames has to say of that. */
export const REMEMBERS_NOTHING = {
  forget() {},
  save: () => undefined,
  restore: async () => {},
  async [Symbol.asyncDispose]() {},
} as const;

/** Declares a processor. */
export function defineProcessor<P extends Processor>(definition: ProcessorDefinition<P>): ProcessorDefinition<P> {
  return definition;
}
