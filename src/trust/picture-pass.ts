/** One picture through the processors: what a photo and a video frame have in common. */
import { AppError } from '../core/errors.ts';
import type { I420Frame, Region, RgbImage } from '../core/image.ts';
import { rgbToI420 } from '../core/rgb-to-i420.ts';
import { type StageTimer, UNTIMED } from '../core/stage-timer.ts';
import { type LandmarkOffsets, landmarksBy } from '../engine/faces/landmark-offsets.ts';
import { meshInRegion, pointsInRegion } from '../engine/faces/mesh-in-region.ts';
import { scaleFace } from '../engine/faces/scale-face.ts';
import { isI420, type Picture } from '../engine/frames/picture.ts';
import { resizeBilinear } from '../engine/frames/resize-image.ts';
import { resizePlane } from '../engine/frames/resize-plane.ts';
import { createKernels } from '../engine/kernels/kernels.ts';
import { RegionPixels } from '../engine/kernels/region-pixels.ts';
import type { FaceProcessor, FrameTime, Processor, TargetFace, WholePicture } from '../engine/processors/processor.ts';
import type { FrameTally, UnchangedReason } from './frame-counts.ts';

/** A face with the sources that serve it. */
export interface FaceToProcess extends TargetFace {
  /** Index of the set of sources, and so of the chain of processors; without it, the first. */
  readonly sourceSet?: number | undefined;
  /** See `TrackedFace.landmarkOffsets`. */
  readonly landmarkOffsets?: LandmarkOffsets;
}

/**
 * The processors in the order in which they run, once for each set of sources; all chains have the same ids. A set that is
 * not used has none.
 */
export type ProcessorChains = readonly (readonly Processor[] | undefined)[];

/** The processors of a run, with those of the ranges that have settings of their own. */
export interface RunChains {
  readonly chains: ProcessorChains;
  /** In order; each for frames `[start, end)` of the target. */
  readonly ranges: readonly { readonly start: number; readonly end: number; readonly chains: ProcessorChains }[];
}

/** The chain that says what all chains are. */
export const firstChain = (chains: ProcessorChains): readonly Processor[] =>
  chains.find((chain) => chain !== undefined) ?? [];

/** A picture as the processors left it. */
export interface PassedPicture<P extends Picture> {
  readonly tally: FrameTally;
  /** The one that was given, changed in place; or another one where it has grown or become transparent. */
  readonly picture: P;
  /** One byte a pixel, where something is transparent. */
  readonly alpha?: Uint8Array | undefined;
}

/** Takes pictures of one run through its processors, one after another, with memory of its own. */
export class PicturePass {
  readonly #chains: ProcessorChains;
  readonly #timer: StageTimer;
  /** A whole frame in RGB, where a processor wants that. */
  #whole: RegionPixels | undefined;

  /** @param chains lent */
  constructor(chains: ProcessorChains, timer: StageTimer = UNTIMED) {
    this.#chains = chains;
    this.#timer = timer;
  }

  /**
   * Runs each processor over a picture. Each sees what the one before it wrote; of faces, the later ones see what the
   * earlier left.
   * @param given changed in place
   * @param alpha of the given picture, where it has one
   * @throws INTERNAL for a set of sources that has no chain; whatever a processor throws
   */
  async run<P extends Picture>(
    given: P,
    faces: readonly FaceToProcess[],
    time: FrameTime,
    alpha?: Uint8Array,
  ): Promise<PassedPicture<P>> {
    const reasons = new Set<UnchangedReason>();
    let changed = false;
    const first = firstChain(this.#chains);
    const original = first.some((processor) => processor.kind === 'face' && processor.needsOriginal)
      ? copyOf(given)
      : undefined;
    let picture: Picture = given;
    let whole: WholePicture | undefined;
    let now: readonly FaceToProcess[] = faces.map(withLandmarks);
    for (const [place, { kind }] of first.entries()) {
      if (kind === 'face') {
        for (const face of now) {
          const processor = this.#chain(face)[place];
          if (processor?.kind !== 'face')
            throw new AppError('INTERNAL', 'Expected the same processors in every chain.');
          // What grew has no original of its size.
          const before = original && original.width === picture.width ? original : undefined;
          const outcome = await this.#face(processor, picture, face, time, before);
          if (outcome === 'nothing') continue;
          if (outcome === 'changed') changed = true;
          else reasons.add(outcome);
        }
        continue;
      }
      const processor = first[place]!;
      if (processor.kind !== 'frame') continue;
      const before: WholePicture = whole ?? { ...this.#toRgb(given), alpha };
      this.#timer.enter('process');
      const outcome = await processor.processFrame(before, now, time);
      if (outcome.kind === 'left-alone') reasons.add(outcome.reason);
      else changed = true;
      // All frames of a video have one size, also those that a model could not enlarge.
      const after = outcome.kind === 'changed' ? outcome.picture : enlarged(before, processor.scale);
      if (after === before && whole === undefined) continue;
      const factor = after.width / before.width;
      if (factor !== 1) now = now.map((face) => scaleFace(face, factor));
      whole = after;
      picture = whole;
    }
    this.#timer.enter('process');
    if (faces.length === 0 && !changed) reasons.add('no-face');
    const tally = { changed, reasons };
    if (!whole) return { tally, picture: given, alpha };
    return { tally, picture: this.#back(given, whole) as P, alpha: whole.alpha };
  }

  #chain({ sourceSet = 0 }: FaceToProcess): readonly Processor[] {
    const chain = this.#chains[sourceSet];
    if (chain) return chain;
    throw new AppError('INTERNAL', `Expected one of ${this.#chains.length} source sets, received ${sourceSet}.`);
  }

  async #face(
    processor: FaceProcessor,
    picture: Picture,
    face: FaceToProcess,
    time: FrameTime,
    original: Picture | undefined,
  ): Promise<'changed' | 'nothing' | UnchangedReason> {
    const region = processor.regionOf(face, picture);
    if (isEmpty(region)) return 'nothing';
    const pixels = processor.takePixels(picture, region, original);
    const inRegion: TargetFace = {
      ...face,
      mesh: meshInRegion(face.mesh, region),
      ...(face.landmarks5 ? { landmarks5: pointsInRegion(face.landmarks5, region) } : {}),
      ...(face.landmarks68 ? { landmarks68: pointsInRegion(face.landmarks68, region) } : {}),
    };
    const outcome = await processor.processFace(pixels, inRegion, time);
    if (outcome.kind === 'left-alone') return outcome.reason;
    this.#timer.enter('convert');
    pixels.writeBack();
    return 'changed';
  }

  /** The pixels of a picture in RGB; those of a photo are its own. */
  #toRgb(picture: Picture): RgbImage {
    if (!isI420(picture)) return picture;
    this.#timer.enter('convert');
    this.#whole ??= new RegionPixels(createKernels());
    const { width, height } = picture;
    this.#whole.load(picture, { x0: 0, y0: 0, x1: width, y1: height });
    return { data: this.#whole.before.data.slice(), width, height };
  }

  /** Brings the result into the form in which the picture came. */
  #back(given: Picture, { data, width, height }: RgbImage): Picture {
    this.#timer.enter('convert');
    const isSameSize = width === given.width && height === given.height;
    if (!isI420(given)) {
      if (!isSameSize) return { data, width, height };
      if (data !== given.data) given.data.set(data);
      return given;
    }
    if (isSameSize) {
      // Loaded anew: processors of faces may have changed the frame before it became RGB.
      this.#whole!.load(given, { x0: 0, y0: 0, x1: width, y1: height });
      this.#whole!.out.data.set(data);
      this.#whole!.writeBack();
      return given;
    }
    return grownFrame(given, { data, width, height });
  }
}

/** A face whose landmarks go by its mesh, once that is final. */
const withLandmarks = (face: FaceToProcess): FaceToProcess =>
  face.landmarkOffsets ? { ...face, ...landmarksBy(face.mesh, face.landmarkOffsets) } : face;

function enlarged(picture: WholePicture, scale: number): WholePicture {
  if (scale === 1) return picture;
  const [width, height] = [picture.width * scale, picture.height * scale];
  const plane =
    picture.alpha && resizePlane(Float32Array.from(picture.alpha), picture.width, picture.height, width, height);
  return { ...resizeBilinear(picture, width, height), ...(plane ? { alpha: Uint8Array.from(plane) } : {}) };
}

/** A planar frame of another size. 10-bit samples are made from the 8 bits that processors work with. */
function grownFrame({ colour, deep }: I420Frame, { data: rgb, width, height }: RgbImage): I420Frame {
  const data = new Uint8Array(new SharedArrayBuffer((width * height * 3) / 2));
  const frame: I420Frame = { data, width, height, colour };
  rgbToI420(rgb, width, height, frame);
  return deep ? { ...frame, deep: Uint16Array.from(data, (value) => value << 2) } : frame;
}

const isEmpty = ({ x0, y0, x1, y1 }: Region): boolean => x1 <= x0 || y1 <= y0;

const copyOf = (picture: Picture): Picture =>
  isI420(picture)
    ? { ...picture, data: picture.data.slice(), ...(picture.deep ? { deep: picture.deep.slice() } : {}) }
    : { ...picture, data: picture.data.slice() };
