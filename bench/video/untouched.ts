/** What becomes of the picture outside the face: nothing before encoding, no more than by a bare ffmpeg after it. */
import type { I420Frame } from '../../src/core/image.ts';
import { createFaceTracker } from '../../src/engine/faces/track.ts';
import type { ModelStore } from '../../src/engine/inference/session.ts';
import { findFfmpeg } from '../../src/media/find-ffmpeg.ts';
import { probeVideo } from '../../src/media/probe.ts';
import { openVideoReader, type VideoFrame } from '../../src/media/video-reader.ts';
import { atLeast, atMost, type Check } from '../wanted.ts';
import { type BenchContext, CLIP_CASES, floorArguments, MEDIA } from './context.ts';
import { measureRun, runProgram } from './measured-run.ts';
import { WANTED_VIDEO_ENGINE as WANTED } from './wanted.ts';

export interface UntouchedReport {
  readonly checks: readonly Check[];
  readonly frames: number;
  /** Share of the picture that is compared. */
  readonly outsideShare: number;
  /** Samples outside the face that differ from the target with a lossless encoder, and the largest difference. */
  readonly differentSamples: number;
  readonly largestDifference: number;
  /** Frames whose face was changed, in the same comparison: zero would prove nothing. */
  readonly changedFrames: number;
  /** PSNR of luma outside the face against the target, decibels, at the quality of a run without options. */
  readonly psnr: number;
  readonly floorPsnr: number;
  /** The same of a bare ffmpeg that is given the changed frames: what the new face costs its surroundings. */
  readonly floorOfChangedPsnr: number;
}

/** Pixels [x0, x1) by [y0, y1) in which everything may be the face's. */
interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

const FRAMES = 100;
/** What masks, hair and neck may take beyond the mesh, relative to its larger side. */
const MARGIN = 0.5;

export async function measureUntouched(
  { args, folder, library, say, sourcePath }: BenchContext,
  store: ModelStore,
): Promise<UntouchedReport> {
  const frames = Math.min(FRAMES, args.frames);
  const target = await folder.make('target.mp4', library.mediaPath(MEDIA), { frames, ...CLIP_CASES['720p-240'] });
  const words = ['-s', sourcePath, '-t', target, '--force'];
  const [lossless, usual, floor, changed] = ['lossless', 'usual', 'floor', 'changed'].map((name) =>
    folder.path(`${name}.mp4`),
  );
  await runProgram([...words, '-o', lossless, '--output-video-quality', '100']);
  await runProgram([...words, '-o', usual]);
  const { ffmpegPath } = await findFfmpeg();
  await measureRun(ffmpegPath, floorArguments(target, floor));
  await measureRun(ffmpegPath, floorArguments(lossless, changed));

  const boxes = await findFaces(target, store);
  const before = await compare(target, lossless, boxes);
  const [ours, bare] = [await compare(target, usual, boxes), await compare(target, floor, boxes)];
  const bareOfChanged = await compare(target, changed, boxes);
  const report = {
    ...{ frames, outsideShare: before.outsideShare, changedFrames: before.changedFrames },
    ...{ differentSamples: before.differentSamples, largestDifference: before.largestDifference },
    ...{ psnr: ours.psnr, floorPsnr: bare.psnr, floorOfChangedPsnr: bareOfChanged.psnr },
  };
  say(
    `untouched: ${report.differentSamples} samples differ before encoding; ${report.psnr.toFixed(2)} dB after it, the floor's ${report.floorPsnr.toFixed(2)}, and ${report.floorOfChangedPsnr.toFixed(2)} of the changed frames`,
  );
  return {
    checks: [
      atLeast('frames that are changed in the face', report.changedFrames, frames),
      atMost(
        'samples outside the face that differ before encoding',
        report.differentSamples,
        WANTED.untouchedDifferent,
      ),
      atMost('loss outside the face beside the floor, dB', report.floorPsnr - report.psnr, WANTED.untouchedLossDecibel),
      atMost(
        'loss outside the face beside a bare ffmpeg that encodes the same frames, dB',
        report.floorOfChangedPsnr - report.psnr,
        WANTED.untouchedLossDecibel,
      ),
    ],
    ...report,
  };
}

/** A generous box around the face of each frame. */
async function findFaces(path: string, store: ModelStore): Promise<readonly Box[]> {
  const tracker = await createFaceTracker(store, { minimumScore: 0.5 });
  const boxes: Box[] = [];
  for await (const frame of openVideoReader(path, await probeVideo(path))) {
    const [face] = await tracker.update(frame, frame.ptsSeconds);
    if (!face) throw new Error(`There is no face in frame ${frame.index}.`);
    boxes.push(boxAround(face.mesh, frame));
  }
  return boxes;
}

function boxAround(mesh: ArrayLike<number>, { width, height }: I420Frame): Box {
  let [x0, y0, x1, y1] = [width, height, 0, 0];
  for (let at = 0; at < mesh.length; at += 3) {
    x0 = Math.min(x0, mesh[at]);
    x1 = Math.max(x1, mesh[at]);
    y0 = Math.min(y0, mesh[at + 1]);
    y1 = Math.max(y1, mesh[at + 1]);
  }
  const margin = MARGIN * Math.max(x1 - x0, y1 - y0);
  // Even, so that planes of chroma are cut at the same place.
  const even = (value: number, limit: number): number => Math.min(limit, Math.max(0, 2 * Math.round(value / 2)));
  return {
    x0: even(x0 - margin, width),
    y0: even(y0 - margin, height),
    x1: even(x1 + margin, width),
    y1: even(y1 + margin, height),
  };
}

interface Comparison {
  readonly outsideShare: number;
  readonly differentSamples: number;
  readonly largestDifference: number;
  readonly changedFrames: number;
  readonly psnr: number;
}

async function compare(targetPath: string, resultPath: string, boxes: readonly Box[]): Promise<Comparison> {
  await using target = openVideoReader(targetPath, await probeVideo(targetPath));
  await using result = openVideoReader(resultPath, await probeVideo(resultPath));
  const others = result[Symbol.asyncIterator]();
  const sum = { luma: 0, squares: 0, different: 0, largest: 0, changed: 0, all: 0 };
  for await (const frame of target) {
    const next = await others.next();
    const box = boxes[frame.index];
    if (next.done || !box) throw new Error(`${resultPath} has no frame ${frame.index}.`);
    const isChanged = addFrame(sum, frame, next.value, box);
    if (isChanged) sum.changed++;
  }
  if (!(await others.next()).done) throw new Error(`${resultPath} has more frames than its target.`);
  return {
    outsideShare: sum.luma / sum.all,
    differentSamples: sum.different,
    largestDifference: sum.largest,
    changedFrames: sum.changed,
    psnr: 10 * Math.log10((255 * 255 * sum.luma) / Math.max(1, sum.squares)),
  };
}

/** Adds a frame's samples outside the box. @returns whether luma inside it differs */
function addFrame(
  sum: { luma: number; squares: number; different: number; largest: number; all: number },
  a: VideoFrame,
  b: VideoFrame,
  box: Box,
): boolean {
  const { width, height } = a;
  let isChanged = false;
  let offset = 0;
  for (const step of [1, 2, 2]) {
    const [w, h] = [width / step, height / step];
    for (let y = 0; y < h; y++) {
      const isRowIn = y >= box.y0 / step && y < box.y1 / step;
      for (let x = 0; x < w; x++) {
        const at = offset + y * w + x;
        const difference = Math.abs(a.data[at] - b.data[at]);
        if (isRowIn && x >= box.x0 / step && x < box.x1 / step) {
          isChanged ||= difference > 0;
          continue;
        }
        if (step === 1) {
          sum.luma++;
          sum.squares += difference * difference;
        }
        if (difference === 0) continue;
        sum.different++;
        sum.largest = Math.max(sum.largest, difference);
      }
    }
    offset += w * h;
  }
  sum.all += width * height;
  return isChanged;
}
