/** What a run would take here: measured, or absent. */
import { BUILT_IN_PRESETS, type BuiltInPreset } from '../../core/built-in-presets.ts';
import { AppError } from '../../core/errors.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import { readApiOptions } from '../../jobs/api-options.ts';
import { speedKey } from '../../jobs/estimates/speed-key.ts';
import { estimateSeconds } from '../../jobs/estimates/speeds.ts';
import { estimateMemory } from '../../runner/estimate-memory.ts';
import { createAssets, type ReadyAsset } from '../assets/assets.ts';
import { estimateRequest, estimatesAnswer } from '../contracts/estimate.ts';
import type { AddRoutes } from '../server-context.ts';

const PRESETS = Object.keys(BUILT_IN_PRESETS) as BuiltInPreset[];

export const addEstimateRoute: AddRoutes = (app, { backend, options: serverOptions, logger }) => {
  const assets = createAssets(backend, serverOptions.uploads);

  /** Undefined where it cannot be known here. */
  const memoryOf = async (options: ResolvedProcessOptions, asset: ReadyAsset): Promise<number | undefined> => {
    const { kind, width = 0, height = 0 } = asset.media;
    try {
      if (kind === 'image') return await estimateMemory(options, { kind, width, height });
      const path = await backend.storage.localFile(asset.key);
      return path === undefined ? undefined : await estimateMemory(options, { kind: 'video', path });
    } catch (error) {
      // A model that is missing, for example: the job itself will say so.
      logger.debug?.('no memory was estimated', { asset: asset.id, reason: String(error) });
      return undefined;
    }
  };

  app.post(
    '/v1/estimates',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags: ['jobs'], operationId: 'estimateJob', summary: 'How long a job would take, and how much memory' },
        description:
          'By the median of the last runs that were alike: the same processors, models and other options that decide about time, and pictures of up to twice or half the pixels. Nothing is guessed.',
        ...{ body: estimateRequest, response: { 200: estimatesAnswer } },
      },
    },
    async ({ caller, body }) => {
      const { processors, options = {}, ranges = [], mapsPeople = false } = body;
      const asset = await assets.get(caller.tenant, body.target);
      const { kind } = asset.media;
      if (kind === 'audio')
        throw new AppError('INPUT_UNSUPPORTED', 'Expected a photo or a video as target, received sound.');
      const given = { ...options, ...(processors ? { processors } : {}) };
      const estimate = async (preset: BuiltInPreset | 'given') => {
        const { resolved } = await readApiOptions(preset === 'given' ? given : withPreset(given, preset), {
          ...{ sourcePaths: ['source'], map: mapsPeople ? ['person1=keep'] : [], targetPath: 'target' },
          ...{ outputPath: kind === 'image' ? 'output.png' : 'output.mp4', ranges },
        });
        const work = workOf(asset, resolved);
        const key = speedKey(resolved, kind, mapsPeople, work.frames);
        const [{ seconds, runs }, memoryBytes] = await Promise.all([
          estimateSeconds(backend.store, key, work),
          memoryOf(resolved, asset),
        ]);
        return {
          preset,
          ...(seconds === undefined ? {} : { seconds }),
          ...(memoryBytes === undefined ? {} : { memoryBytes: Math.round(memoryBytes) }),
          basis: seconds === undefined ? ('none' as const) : ('measured' as const),
          runs,
        };
      };
      return { estimates: await Promise.all([...PRESETS, 'given' as const].map(estimate)) };
    },
  );
};

/** The preset decides about all that it names. */
function withPreset(
  given: Readonly<Record<string, unknown>>,
  preset: BuiltInPreset,
): Readonly<Record<string, unknown>> {
  const rest = Object.entries(given).filter(([name]) => !(name in BUILT_IN_PRESETS[preset]));
  return { ...Object.fromEntries(rest), preset };
}

/** Frames, and megapixels of the output. */
function workOf(
  { media: { kind, width = 0, height = 0, frames = 1 } }: ReadyAsset,
  { outputImageScale, outputVideoScale, trimFrameStart = 0, trimFrameEnd = frames }: ResolvedProcessOptions,
): { readonly frames: number; readonly megapixels: number } {
  const scale = kind === 'image' ? outputImageScale : outputVideoScale;
  return {
    frames: kind === 'image' ? 1 : Math.max(1, Math.min(frames, trimFrameEnd) - trimFrameStart),
    megapixels: (width * height * scale ** 2) / 1e6,
  };
}
