/** Milliseconds a frame from decoded I420 to changed I420: mesh, swap, blend, conversion; no decoding, no encoding. */
import type { I420Frame, RgbImage } from '../src/core/image.ts';
import { createFaceTracker } from '../src/engine/faces/track.ts';
import { i420ToRgb } from '../src/engine/frames/yuv.ts';
import type { ModelStore } from '../src/engine/inference/session.ts';
import { createKernels } from '../src/engine/kernels/kernels.ts';
import { RegionPixels } from '../src/engine/kernels/region-pixels.ts';
import { faceWidth } from '../src/engine/mesh-swap/geometry.ts';
import type { ProcessorDefinition } from '../src/engine/processors/processor.ts';
import { median } from '../src/evaluate/metrics/statistics.ts';
import { probeVideo } from '../src/media/probe.ts';
import { openVideoReader } from '../src/media/video-reader.ts';
import { PicturePass } from '../src/trust/picture-pass.ts';
import { ClipFolder } from './clips.ts';
import type { BenchFace, FaceLibrary } from './face-library.ts';
import { cutHands, type HandCut } from './hand-cuts.ts';
import { layHand, skinColour } from './overlay.ts';
import { createProcessor, type ExtraOptions } from './swap-still.ts';

export interface FacePathMeasures {
  readonly width: number;
  readonly height: number;
  /** Median over the frames. */
  readonly faceWidth: number;
  readonly frames: number;
  /** Each run's mean over its frames; the first, which warms up, is left out. */
  readonly runs: readonly number[];
  readonly medianMilliseconds: number;
  /** Share of it that finds the mesh. */
  readonly trackMilliseconds: number;
}

const MEDIA = 'cap12';
const FRAMES = 60;
const RUNS = 5;
const FRAME_SECONDS = 1 / 25;

/** cap12 enlarged: its face is 100 of 400 pixels wide. */
const SIZES = {
  face240: { width: 960, height: 720 },
  face500: { width: 2000, height: 1500 },
} as const;

export type FacePathCase = keyof typeof SIZES | 'face240WithHand';

/** Measures one case. Frames are decoded beforehand and copied anew for each run. */
export async function measureFacePath(
  name: FacePathCase,
  library: FaceLibrary,
  store: ModelStore,
  definition: ProcessorDefinition,
  extra: ExtraOptions,
  source: BenchFace,
): Promise<FacePathMeasures> {
  const { width, height } = SIZES[name === 'face500' ? 'face500' : 'face240'];
  await using folder = await ClipFolder.create();
  const filters = `scale=${width}:${height}:flags=bicubic`;
  const clip = await folder.make('clip.mp4', library.mediaPath(MEDIA), { frames: FRAMES, filters });
  const frames = await decode(clip);
  if (name === 'face240WithHand') await coverAll(library, frames, (await cutHands(store))[1]);

  const runs: { total: number; track: number; faceWidth: number }[] = [];
  for (let run = 0; run <= RUNS; run++) {
    await using processor = await createProcessor(definition, store, [source], extra);
    const pass = new PicturePass([[processor]]);
    const tracker = await createFaceTracker(store, { minimumScore: 0.5 });
    let total = 0;
    let track = 0;
    const widths: number[] = [];
    for (const [frameIndex, original] of frames.entries()) {
      const frame: I420Frame = { ...original, data: new Uint8Array(original.data) };
      const timeSeconds = frameIndex * FRAME_SECONDS;
      const start = performance.now();
      const faces = await tracker.update(frame, timeSeconds);
      const tracked = performance.now();
      const { tally } = await pass.run(frame, faces, { frameIndex, timeSeconds, isStill: false });
      total += performance.now() - start;
      track += tracked - start;
      if (!tally.changed) throw new Error(`Frame ${frameIndex} was not swapped.`);
      widths.push(faceWidth(faces[0].mesh));
    }
    runs.push({ total: total / frames.length, track: track / frames.length, faceWidth: median(widths) });
  }
  const counted = runs.slice(1);
  return {
    width,
    height,
    faceWidth: counted[0].faceWidth,
    frames: frames.length,
    runs: counted.map(({ total }) => total),
    medianMilliseconds: median(counted.map(({ total }) => total)),
    trackMilliseconds: median(counted.map(({ track }) => track)),
  };
}

async function decode(path: string): Promise<I420Frame[]> {
  const frames: I420Frame[] = [];
  for await (const { data, width, height, colour } of openVideoReader(path, await probeVideo(path))) {
    frames.push({ data: new Uint8Array(data), width, height, colour });
  }
  return frames;
}

const CHIN = 152;

/** Lays a hand over the chin of every frame, in place; it sways, so that it must be tracked. */
async function coverAll(library: FaceLibrary, frames: readonly I420Frame[], hand: HandCut): Promise<void> {
  const pixels = new RegionPixels(createKernels());
  for (const [index, frame] of frames.entries()) {
    const { width, height } = frame;
    const region = { x0: 0, y0: 0, x1: width, y1: height };
    const clean: RgbImage = { data: new Uint8Array(width * height * 3), width, height };
    i420ToRgb(frame, clean, region);
    const [face] = await library.analyser.analyse(clean);
    const unit = faceWidth(face.mesh);
    const { image } = await layHand(clean, hand, {
      x: face.mesh[CHIN * 3] + 0.15 * unit * Math.sin(index / 6),
      y: face.mesh[CHIN * 3 + 1] - 0.1 * unit,
      direction: -1.7,
      palmWidth: 0.44 * unit,
      colour: skinColour(clean, face.mesh),
    });
    pixels.load(frame, region);
    pixels.out.data.set(image.data);
    pixels.writeBack();
  }
}
