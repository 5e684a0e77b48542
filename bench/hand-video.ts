/** A short synthetic video: a hand moves over a talking face. */
import sharp from 'sharp';
import type { RgbImage } from '../src/core/image.ts';
import { meshInRegion } from '../src/engine/faces/mesh-in-region.ts';
import { createFaceTracker } from '../src/engine/faces/track.ts';
import { i420ToRgb } from '../src/engine/frames/yuv.ts';
import type { ModelStore } from '../src/engine/inference/session.ts';
import { faceWidth } from '../src/engine/mesh-swap/geometry.ts';
import type { FaceProcessor, ProcessorDefinition, TargetFace } from '../src/engine/processors/processor.ts';
import { median } from '../src/evaluate/metrics/statistics.ts';
import { probeVideo } from '../src/media/probe.ts';
import { openVideoReader } from '../src/media/video-reader.ts';
import type { BenchFace, FaceLibrary } from './face-library.ts';
import type { HandCut } from './hand-cuts.ts';
import { coveredShareOf, keptAndLost } from './kept-share.ts';
import { layHand, type Overlaid, skinColour } from './overlay.ts';
import { createProcessor, type ExtraOptions } from './swap-still.ts';

export interface VideoHandMeasures {
  /** Frames in which the hand covers enough of the face to be judged, and of those frames in which the face was seen. */
  readonly frames: number;
  readonly swappedFrames: number;
  readonly keptMedian: number;
  readonly keptMinimum: number;
  readonly faceLostMedian: number;
  readonly unswappedMedian: number;
}

const MEDIA = 'cap12';
const START_FRAME = 25;
const FRAMES = 50;
/** Times the clip is enlarged: its face is 100 pixels wide. */
const SCALE = 2;
const FRAME_SECONDS = 1 / 25;
/** Share of the oval that must be covered for a frame to count. */
const LEAST_COVERED = 0.05;
const PALM_SHARE = 0.44;
/** The hand points up and a little to the side, and goes from image-right of the chin to image-left of it. */
const DIRECTION = -1.9;
const CHIN = 152;
const WAY = 1.6;

/** Measures every frame that counts. The hand covers the face from about frame 10 to frame 40. */
export async function measureHandInVideo(
  library: FaceLibrary,
  store: ModelStore,
  definition: ProcessorDefinition,
  extra: ExtraOptions,
  source: BenchFace,
  hand: HandCut,
): Promise<VideoHandMeasures> {
  const still = { ...extra, faceSwapperWeight: 0 };
  await using without = await createProcessor(definition, store, [source], { ...still, faceMaskTypes: ['box'] });
  await using withMask = await createProcessor(definition, store, [source], {
    ...still,
    faceMaskTypes: ['box', 'occlusion'],
  });
  await using alone = await createProcessor(definition, store, [source], { ...still, faceMaskTypes: ['box'] });
  const tracker = await createFaceTracker(store, { minimumScore: 0.5 });
  const kept: number[] = [];
  const lost: number[] = [];
  const unswapped: number[] = [];
  let frames = 0;
  let index = 0;
  for await (const clean of readScaled(library.mediaPath(MEDIA))) {
    const overlaid = await coverFrame(library, clean, hand, index);
    const time = index * FRAME_SECONDS;
    const [face] = await tracker.update(overlaid.picture.image, time);
    const { image, alpha } = overlaid.picture;
    const counts = coveredShareOf(alpha, overlaid.mesh, image.width, image.height) >= LEAST_COVERED;
    if (counts) frames++;
    if (face) {
      // Every frame, also those that do not count: what a processor remembers needs all of them.
      const plain = await swapFrame(without, image, face, index);
      const masked = await swapFrame(withMask, image, face, index);
      const bareFace = { trackId: face.trackId, mesh: overlaid.mesh, meshScore: 1 };
      const bare = await swapFrame(alone, clean, bareFace, index);
      if (counts) {
        const shares = keptAndLost({ image, alpha, mesh: overlaid.mesh, without: plain, withMask: masked, bare });
        kept.push(shares.kept);
        lost.push(shares.faceLost);
        unswapped.push(shares.unswapped);
      }
    }
    index++;
  }
  if (kept.length === 0) throw new Error('The face was never seen while the hand was in front of it.');
  return {
    frames,
    swappedFrames: kept.length,
    keptMedian: median(kept),
    keptMinimum: Math.min(...kept),
    faceLostMedian: median(lost),
    unswappedMedian: median(unswapped),
  };
}

async function* readScaled(path: string): AsyncGenerator<RgbImage> {
  const info = await probeVideo(path);
  const reader = openVideoReader(path, info, { startFrame: START_FRAME, endFrame: START_FRAME + FRAMES });
  for await (const frame of reader) {
    const { width, height } = frame;
    const small: RgbImage = { data: new Uint8Array(width * height * 3), width, height };
    i420ToRgb(frame, small, { x0: 0, y0: 0, x1: width, y1: height });
    const data = await sharp(small.data, { raw: { width, height, channels: 3 } })
      .resize(width * SCALE, height * SCALE)
      .raw()
      .toBuffer();
    yield { data, width: width * SCALE, height: height * SCALE };
  }
}

/** The frame with the hand, and the mesh of the bare face. */
async function coverFrame(
  library: FaceLibrary,
  clean: RgbImage,
  hand: HandCut,
  index: number,
): Promise<{ picture: Overlaid; mesh: Float32Array }> {
  const [face] = await library.analyser.analyse(clean);
  if (!face) throw new Error('The bare face was not found.');
  const unit = faceWidth(face.mesh);
  const picture = await layHand(clean, hand, {
    x: face.mesh[CHIN * 3] + unit * WAY * (0.5 - index / FRAMES),
    y: face.mesh[CHIN * 3 + 1] - 0.1 * unit,
    direction: DIRECTION,
    palmWidth: unit * PALM_SHARE,
    colour: skinColour(clean, face.mesh),
  });
  return { picture, mesh: face.mesh };
}

/** As the frame loop does it, on a copy. */
async function swapFrame(
  processor: FaceProcessor,
  image: RgbImage,
  face: TargetFace,
  frameIndex: number,
): Promise<RgbImage> {
  const result: RgbImage = { ...image, data: new Uint8Array(image.data) };
  const region = processor.regionOf(face, result);
  const pixels = processor.takePixels(result, region);
  const local = { ...face, mesh: meshInRegion(face.mesh, region) };
  const time = { frameIndex, timeSeconds: frameIndex * FRAME_SECONDS, isStill: false };
  const outcome = await processor.processFace(pixels, local, time);
  if (outcome.kind === 'changed') pixels.writeBack();
  return result;
}
