/** Jitter, flicker and lag on a clip of a talking man. */

import type { FaceMesh } from '../src/engine/faces/face.ts';
import { createFaceTracker } from '../src/engine/faces/track.ts';
import type { ModelStore } from '../src/engine/inference/session.ts';
import { evaluate } from '../src/evaluate/evaluate.ts';
import { openingLag } from '../src/evaluate/metrics/expression.ts';
import { meshJitter } from '../src/evaluate/metrics/jitter.ts';
import { probeVideo } from '../src/media/probe.ts';
import { openVideoReader } from '../src/media/video-reader.ts';
import { process as processMedia } from '../src/runner/process.ts';
import { ClipFolder } from './clips.ts';
import type { FaceLibrary } from './face-library.ts';
import { writeSourcePhoto } from './source-photo.ts';
import type { ExtraOptions } from './swap-still.ts';
import { atMost, type Check, WANTED_VIDEO } from './wanted.ts';

export interface SteadinessReport {
  readonly checks: readonly Check[];
  readonly frames: number;
  /** Result over target. */
  readonly jitter: number;
  readonly flicker: number;
  /** Mesh of the tracker, smoothed over raw. */
  readonly smoothing: number;
  /** Inter-ocular distances, worst frame. */
  readonly openingLag: number;
}

const SOURCE = 's6#3';
const MEDIA = 'cap12';
const FRAMES = 150;
/** The clip over which the lag is taken: it has speech and blinks. */
const LAG_FRAMES = 300;
/** The smoother needs a few frames to know the speed. */
const WARM_UP_FRAMES = 10;

/** Swaps 150 frames at their own size and measures the result; then tracks 300. */
export async function measureSteadiness(
  library: FaceLibrary,
  store: ModelStore,
  extra: ExtraOptions,
): Promise<SteadinessReport> {
  await using folder = await ClipFolder.create();
  const source = await writeSourcePhoto(library, SOURCE, folder);
  const target = await folder.make('target.mp4', library.mediaPath(MEDIA), { frames: FRAMES });
  const result = folder.path('result.mp4');
  await processMedia({ ...extra, sourcePaths: [source], targetPath: target, outputPath: result });
  const { measures, followedFrames } = await evaluate({
    sourcePaths: [source],
    targetPath: target,
    resultPath: result,
  });
  if (!measures.jitter || !measures.flicker) throw new Error('The face could not be followed.');
  const tracked = await trackMeshes(library.mediaPath(MEDIA), store);
  const lag = openingLag(tracked.raw, tracked.smoothed);
  return {
    checks: [
      atMost('jitter, result over target', measures.jitter.value, WANTED_VIDEO.jitter),
      atMost('opening lag, worst frame', lag, WANTED_VIDEO.openingLag),
    ],
    frames: followedFrames,
    jitter: measures.jitter.value,
    flicker: measures.flicker.value,
    smoothing: (meshJitter(tracked.smoothed) ?? 0) / (meshJitter(tracked.raw) ?? 1),
    openingLag: lag,
  };
}

async function trackMeshes(path: string, store: ModelStore): Promise<{ raw: FaceMesh[]; smoothed: FaceMesh[] }> {
  const tracker = await createFaceTracker(store, { minimumScore: 0.5 });
  const raw: FaceMesh[] = [];
  const smoothed: FaceMesh[] = [];
  for await (const frame of openVideoReader(path, await probeVideo(path), { endFrame: LAG_FRAMES })) {
    const [face] = await tracker.update(frame, frame.ptsSeconds);
    if (!face || frame.index < WARM_UP_FRAMES) continue;
    raw.push(face.rawMesh);
    smoothed.push(face.mesh);
  }
  return { raw, smoothed };
}
