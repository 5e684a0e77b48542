/** One face of one picture through a processor and a user's model, the whole way that a run takes. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { RgbImage } from '../../src/core/image.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { parseProcessOptions } from '../../src/core/options.ts';
import type { Face } from '../../src/engine/faces/face.ts';
import { meshInRegion, pointsInRegion } from '../../src/engine/faces/mesh-in-region.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import type {
  FaceOutcome,
  FaceProcessor,
  ProcessorDefinition,
  SourceAudio,
} from '../../src/engine/processors/processor.ts';
import { type TinyUserModel, writeUserModels } from './user-model-folder.ts';

export interface FaceModelRun {
  readonly processor: ProcessorDefinition<FaceProcessor>;
  readonly models: readonly TinyUserModel[];
  /** Folder below which models are written; the caller removes it. */
  readonly root: string;
  /** Not changed. */
  readonly target: RgbImage;
  /** The target before any processor. Default: the same. */
  readonly original?: RgbImage;
  readonly face: Pick<Face, 'mesh' | 'landmarks5' | 'landmarks68'>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly audio?: SourceAudio;
  /** When each frame is shown; the same picture is worked on for each. Default one, at 0. */
  readonly times?: readonly number[];
}

export interface FaceModelResult {
  /** The picture of each time. */
  readonly results: readonly RgbImage[];
  readonly outcomes: readonly FaceOutcome[];
}

export async function runFaceModel(run: FaceModelRun): Promise<FaceModelResult> {
  const userFolder = await writeUserModels(await mkdtemp(join(run.root, 'models-')), run.models);
  await using store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder, licensePolicy: 'any' },
  });
  await using processor = await run.processor.create({
    ...{ store, sources: [], logger: silentLogger, audio: run.audio },
    options: parseProcessOptions({
      ...{ targetPath: 'b', outputPath: 'c', faceMaskTypes: ['box'], faceMaskBlur: 0 },
      ...run.options,
    }),
  });
  const results: RgbImage[] = [];
  const outcomes: FaceOutcome[] = [];
  const { mesh, landmarks5, landmarks68 } = run.face;
  const face = { trackId: 0, meshScore: 1, mesh, landmarks5, landmarks68 };
  for (const [frameIndex, timeSeconds] of (run.times ?? [0]).entries()) {
    const result: RgbImage = { ...run.target, data: run.target.data.slice() };
    const region = processor.regionOf(face, result);
    const pixels = processor.takePixels(result, region, run.original ?? run.target);
    const inRegion = {
      mesh: meshInRegion(mesh, region),
      landmarks5: pointsInRegion(landmarks5, region),
      landmarks68: pointsInRegion(landmarks68, region),
    };
    const outcome = await processor.processFace(
      pixels,
      { ...face, ...inRegion },
      { frameIndex, timeSeconds, isStill: false },
    );
    if (outcome.kind === 'changed') pixels.writeBack();
    results.push(result);
    outcomes.push(outcome);
  }
  return { results, outcomes };
}
