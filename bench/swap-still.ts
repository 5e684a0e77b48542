/** One swap on one still, through the processor contract and nothing else. */
import type { Region, RgbImage } from '../src/core/image.ts';
import { silentLogger } from '../src/core/logger.ts';
import { parseProcessOptions } from '../src/core/options.ts';
import { meshInRegion } from '../src/engine/faces/mesh-in-region.ts';
import type { ModelStore } from '../src/engine/inference/session.ts';
import type { FaceOutcome, FaceProcessor, ProcessorDefinition } from '../src/engine/processors/processor.ts';
import type { BenchFace, FaceCrop } from './face-library.ts';

/** Options of a run beside its paths, as a caller would write them. */
export type ExtraOptions = Readonly<Record<string, unknown>>;

/** Creates a processor for these sources. The caller disposes it. */
export async function createProcessor(
  definition: ProcessorDefinition,
  store: ModelStore,
  sources: readonly BenchFace[],
  extra: ExtraOptions,
): Promise<FaceProcessor> {
  const options = parseProcessOptions({
    ...extra,
    sourcePaths: sources.map(({ path }) => path),
    targetPath: 'target.png',
    outputPath: 'output.png',
  });
  const processor = await definition.create({ store, options, sources, logger: silentLogger });
  if (processor.kind !== 'face') throw new Error(`${processor.id} does not work on faces.`);
  return processor;
}

export interface StillSwap {
  readonly result: RgbImage;
  readonly outcome: FaceOutcome;
  readonly milliseconds: number;
}

/** Runs a processor on the face of a crop. The crop stays as it is; the result is a copy. */
export async function swapStill(processor: FaceProcessor, target: FaceCrop): Promise<StillSwap> {
  const before = target.image;
  // Not `slice`: of a Buffer, as sharp returns it, that is a view on the same bytes.
  const result: RgbImage = { ...before, data: new Uint8Array(before.data) };
  const face = { trackId: 0, mesh: target.mesh, meshScore: target.meshScore };
  const region = processor.regionOf(face, result);
  const start = performance.now();
  const pixels = processor.takePixels(result, region);
  const outcome = await processor.processFace(pixels, { ...face, mesh: meshInRegion(face.mesh, region) }, STILL);
  if (outcome.kind === 'changed') pixels.writeBack();
  const milliseconds = performance.now() - start;
  assertOnlyInside(before, result, region);
  processor.forget(0);
  return { result, outcome, milliseconds };
}

const STILL = { frameIndex: 0, timeSeconds: 0, isStill: true } as const;

/** The contract: nothing outside of `regionOf` may change. */
function assertOnlyInside(before: RgbImage, after: RgbImage, region: Region): void {
  for (let i = 0; i < before.data.length; i++) {
    if (before.data[i] === after.data[i]) continue;
    const pixel = Math.floor(i / 3);
    const x = pixel % before.width;
    const y = Math.floor(pixel / before.width);
    if (x >= region.x0 && x < region.x1 && y >= region.y0 && y < region.y1) continue;
    throw new Error(`The processor changed the pixel ${x}, ${y} outside of its region ${JSON.stringify(region)}.`);
  }
}
