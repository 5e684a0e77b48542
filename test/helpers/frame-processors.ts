/** Processors of whole pictures on models that a test has made. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RgbImage } from '../../src/core/image.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { parseProcessOptions } from '../../src/core/options.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../../src/engine/inference/session.ts';
import type { FrameProcessor, ProcessorDefinition } from '../../src/engine/processors/processor.ts';
import { type TinyUserModel, writeUserModels } from './user-model-folder.ts';

/** A processor with the store of its models. Disposing it removes the models. */
export interface OpenedFrameProcessor extends AsyncDisposable {
  readonly processor: FrameProcessor;
}

/** @param options those of the processor, as a caller gives them */
export async function openFrameProcessor(
  definition: ProcessorDefinition<FrameProcessor>,
  options: Readonly<Record<string, unknown>>,
  models: readonly TinyUserModel[] = [],
): Promise<OpenedFrameProcessor> {
  const folder = mkdtempSync(join(tmpdir(), 'facefusion-frames-'));
  let store: ModelStore | undefined;
  const close = async (): Promise<void> => {
    await store?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await writeUserModels(folder, models);
    const settings = { directory: defaultModelDirectory(), intraOpThreads: 1, userFolder: folder };
    store = await openModelStore({ ...settings, licensePolicy: 'any' });
    const resolved = parseProcessOptions({
      ...{ targetPath: 'in.png', outputPath: 'out.png', sourcePaths: [], processors: [definition.id] },
      ...options,
    });
    const processor = await definition.create({ store, options: resolved, sources: [], logger: silentLogger });
    return {
      processor,
      async [Symbol.asyncDispose]() {
        await processor[Symbol.asyncDispose]();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A picture whose colours are a function of the place. */
export function paintPicture(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly [red: number, green: number, blue: number],
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) data.set(colourAt(x, y), at);
  }
  return { data, width, height };
}

/** The largest difference of two rows of numbers of one length; infinite where the lengths differ. */
export const largestDifference = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
  one.length !== other.length
    ? Number.POSITIVE_INFINITY
    : Array.from(one).reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
