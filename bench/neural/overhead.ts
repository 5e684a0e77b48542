/** Whole time of a frame over the time in which its networks compute: what the engine costs around them. */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { I420Frame } from '../../src/core/image.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { parseProcessOptions } from '../../src/core/options.ts';
import { createFaceTracker } from '../../src/engine/faces/track.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { faceWidth } from '../../src/engine/mesh-swap/geometry.ts';
import type { Processor } from '../../src/engine/processors/processor.ts';
import { PROCESSORS } from '../../src/engine/processors/registry.ts';
import { median } from '../../src/evaluate/metrics/statistics.ts';
import { probeVideo } from '../../src/media/probe.ts';
import { openVideoReader } from '../../src/media/video-reader.ts';
import { PicturePass } from '../../src/trust/picture-pass.ts';
import { writeUserModels } from '../../test/helpers/user-model-folder.ts';
import { AS_720P, type ClipFolder } from '../clips.ts';
import type { BenchFace } from '../face-library.ts';
import { enhancerGraph, recogniserGraph, swapperGraph } from './heavy-graphs.ts';
import { timedStore } from './timed-store.ts';

export interface OverheadMeasures {
  readonly width: number;
  readonly height: number;
  readonly faceWidth: number;
  readonly frames: number;
  readonly processors: readonly string[];
  readonly models: readonly { readonly id: string; readonly gigaflops: number; readonly megabytes: number }[];
  /** One each run, the first of which warmed up and is left out. */
  readonly runs: readonly OverheadRun[];
  /** Medians over the runs. */
  readonly median: OverheadRun;
}

/** Milliseconds a frame. */
export interface OverheadRun {
  readonly whole: number;
  /** In the sessions of the two heavy models. */
  readonly heavy: number;
  /** In all sessions: those that follow the face and find hands as well. */
  readonly inference: number;
  /** Whole over heavy: everything beside the two counts as overhead. */
  readonly overHeavy: number;
  /** Whole over inference: what is not computed by any network. */
  readonly overInference: number;
}

export interface OverheadSettings {
  readonly frames: number;
  readonly runs: number;
}

const FRAME_SECONDS = 1 / 25;
const SWAPPER = 'inswapper_128';
const ENHANCER = 'gfpgan_1.4';

/**
 * @param chainIds processors: face_swapper, face_enhancer or both
 * @param source the face that is put in
 */
export async function measureOverhead(
  folder: ClipFolder,
  video: string,
  source: BenchFace,
  chainIds: readonly ('face_swapper' | 'face_enhancer')[],
  { frames: count, runs: repeats }: OverheadSettings,
): Promise<OverheadMeasures> {
  const frames = await decode(
    await folder.make(`${chainIds.join('-')}.mp4`, video, { frames: count, filters: AS_720P }),
  );
  const graphs = {
    ...(chainIds.includes('face_swapper') ? { [SWAPPER]: swapperGraph() } : {}),
    ...(chainIds.includes('face_enhancer') ? { [ENHANCER]: enhancerGraph() } : {}),
  };
  const modelFolder = await writeUserModels(folder.path(`${chainIds.join('-')}-models`), [
    ...Object.entries(graphs).map(([id, { bytes }]) => ({ id, bytes })),
    { id: 'arcface', bytes: recogniserGraph().bytes },
  ]);
  const options = parseProcessOptions({
    ...{ sourcePaths: [source.path], targetPath: 'target.mp4', outputPath: 'output.mp4', licensePolicy: 'any' },
    ...{ processors: [...chainIds], faceSwapperModel: SWAPPER, faceEnhancerModel: ENHANCER },
  });
  await using opened = await openModelStore({
    directory: defaultModelDirectory(),
    ...{ intraOpThreads: 1, userThreads: availableParallelism(), userFolder: modelFolder, licensePolicy: 'any' },
  });
  const store = timedStore(opened);
  const chain: Processor[] = [];
  for (const id of chainIds) {
    const definition = PROCESSORS.find((candidate) => candidate.id === id);
    if (!definition) throw new Error(`There is no ${id} yet.`);
    chain.push(await definition.create({ store, options, sources: [source], logger: silentLogger }));
  }
  const runs: OverheadRun[] = [];
  const widths: number[] = [];
  const picturePass = new PicturePass([chain]);
  for (let run = 0; run <= repeats; run++) {
    const tracker = await createFaceTracker(store, { minimumScore: 0.5 });
    store.reset();
    let whole = 0;
    for (const [frameIndex, original] of frames.entries()) {
      const frame: I420Frame = { ...original, data: new Uint8Array(original.data) };
      const timeSeconds = frameIndex * FRAME_SECONDS;
      const start = performance.now();
      const faces = await tracker.update(frame, timeSeconds);
      const { tally } = await picturePass.run(frame, faces, { frameIndex, timeSeconds, isStill: false });
      whole += performance.now() - start;
      if (!tally.changed) throw new Error(`Frame ${frameIndex} was not changed.`);
      if (digest(frame) === digest(original)) throw new Error(`Frame ${frameIndex} has the pixels that it came with.`);
      widths.push(faceWidth(faces[0].mesh));
    }
    const spentIn = (ids: Iterable<string>): number =>
      [...ids].reduce((sum, id) => sum + (store.spent.get(id)?.milliseconds ?? 0), 0) / frames.length;
    const heavy = spentIn(Object.keys(graphs));
    const inference = spentIn(store.spent.keys());
    whole /= frames.length;
    if (run > 0) runs.push({ whole, heavy, inference, overHeavy: whole / heavy, overInference: whole / inference });
  }
  for (const processor of chain) await processor[Symbol.asyncDispose]();
  const medianOf = (name: keyof OverheadRun): number => median(runs.map((run) => run[name]));
  return {
    ...{ width: frames[0].width, height: frames[0].height, faceWidth: median(widths), frames: frames.length },
    processors: chainIds,
    models: Object.entries(graphs).map(([id, { bytes, gigaflops }]) => ({
      ...{ id, gigaflops, megabytes: bytes.length / 1e6 },
    })),
    runs,
    median: {
      ...{ whole: medianOf('whole'), heavy: medianOf('heavy'), inference: medianOf('inference') },
      ...{ overHeavy: medianOf('overHeavy'), overInference: medianOf('overInference') },
    },
  };
}

const digest = ({ data }: I420Frame): string => createHash('sha1').update(data).digest('hex');

async function decode(path: string): Promise<I420Frame[]> {
  const frames: I420Frame[] = [];
  for await (const { data, width, height, colour } of openVideoReader(path, await probeVideo(path))) {
    frames.push({ data: new Uint8Array(data), width, height, colour });
  }
  return frames;
}
