/** The looks and mattes of this copy, against pictures that were looked at, and over time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFrameProcessor } from '../../../test/helpers/frame-processors.ts';
import { expectGolden } from '../../../test/helpers/golden.ts';
import { readSampleFrames, readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { I420Frame, RgbImage } from '../../core/image.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import { backgroundRemover } from './background-remover.ts';
import type { FrameOutcome, FrameProcessor, FrameTime, ProcessorDefinition, WholePicture } from './processor.ts';
import { stylizer } from './stylizer.ts';

const STILL: FrameTime = { frameIndex: 0, timeSeconds: 0, isStill: true };
const timeOf = (frameIndex: number): FrameTime => ({ frameIndex, timeSeconds: frameIndex / 25, isStill: false });

let folder: string;
let photo: RgbImage;
let frames: RgbImage[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'facefusion-looks-'));
  photo = await readSamplePhoto(3, 480);
  frames = readSampleFrames('cap12_edit', 4, 8).map(toRgb);
  writeFileSync(join(folder, 'swap.cube'), 'LUT_3D_SIZE 2\n0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function toRgb(frame: I420Frame): RgbImage {
  const { width, height } = frame;
  const pixels = new RegionPixels(createKernels());
  pixels.load(frame, { x0: 0, y0: 0, x1: width, y1: height });
  return { data: pixels.before.data.slice(), width, height };
}

const pictureOf = (outcome: FrameOutcome): WholePicture => {
  if (outcome.kind !== 'changed') throw new Error(`Expected a change, received ${outcome.reason}.`);
  return outcome.picture;
};

/** What a processor makes of pictures, one after another. */
async function run(
  definition: ProcessorDefinition<FrameProcessor>,
  options: Readonly<Record<string, unknown>>,
  pictures: readonly WholePicture[],
): Promise<WholePicture[]> {
  await using opened = await openFrameProcessor(definition, options);
  const made: WholePicture[] = [];
  for (const [at, picture] of pictures.entries()) {
    const time = pictures.length === 1 ? STILL : timeOf(at);
    made.push(pictureOf(await opened.processor.processFrame(picture, [], time)));
  }
  return made;
}

/** Mean difference from each picture to the next. */
function restlessness(pictures: readonly RgbImage[]): number {
  let sum = 0;
  for (let at = 1; at < pictures.length; at++) {
    const [before, now] = [pictures[at - 1]!.data, pictures[at]!.data];
    for (let i = 0; i < now.length; i++) sum += Math.abs(now[i]! - before[i]!);
  }
  return sum / ((pictures.length - 1) * pictures[0]!.data.length);
}

describe('stylizer', () => {
  it.each(['sketch', 'cartoon'])('draws the golden picture: %s', async (stylizerModel) => {
    const [made] = await run(stylizer, { stylizerModel }, [photo]);
    await expectGolden(made!, `stylizer-${stylizerModel}`);
  });

  it.each(['sketch', 'cartoon'])(
    'flickers no more than the video that it is made from allows: %s',
    async (stylizerModel) => {
      const made = await run(stylizer, { stylizerModel }, frames);
      expect(restlessness(made)).toBeLessThan(3 * restlessness(frames));
    },
  );

  it.each(['sketch', 'cartoon'])('has no bands on a slope: %s', async (stylizerModel) => {
    const [width, height] = [512, 64];
    const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => (Math.floor(at / 3) % width) / 2);
    const [made] = await run(stylizer, { stylizerModel, stylizerBlend: 100 }, [{ data, width, height }]);
    // The mean of each column: strokes of a pencil go up and down.
    const columns = Array.from({ length: width }, (_, x) => {
      let sum = 0;
      for (let y = 0; y < height; y++) sum += made!.data[(y * width + x) * 3]!;
      return sum / height;
    });
    const steps = columns.slice(9, -8).map((value, at) => Math.abs(value - columns[at + 8]!));
    expect(Math.max(...steps)).toBeLessThan(stylizerModel === 'cartoon' ? 4 : 24);
  });

  it('sends colours through a table, and keeps what is transparent', async () => {
    const alpha = Uint8Array.from({ length: photo.width * photo.height }, (_, at) => at % 256);
    const options = { stylizerModel: 'lut', stylizerLut: join(folder, 'swap.cube') };
    const [made] = await run(stylizer, options, [{ ...photo, alpha }]);
    expect(made!.alpha).toEqual(alpha);
    for (let at = 0; at < 3000; at += 3) expect(made!.data[at]).toBe(photo.data[at + 2]);
  });

  it('asks for the table that the look `lut` needs', async () => {
    await expect(run(stylizer, { stylizerModel: 'lut' }, [photo])).rejects.toMatchObject({ code: 'OPTION_MISSING' });
  });
});

describe('background_remover', () => {
  it('lays people on a colour as in the golden picture', async () => {
    const [made] = await run(backgroundRemover, { backgroundRemoverFillColor: [32, 176, 80] }, [photo]);
    expect(made!.alpha).toBeUndefined();
    await expectGolden(made!, 'background-remover-selfie');
  });

  it('keeps a face whole, and nothing of the corners', async () => {
    const made = await run(backgroundRemover, {}, frames);
    for (const { alpha, width } of made) {
      const at = (x: number, y: number): number => alpha![y * width + x]!;
      for (let y = 110; y < 225; y += 5) for (let x = 180; x < 235; x += 5) expect(at(x, y)).toBe(255);
      for (let y = 0; y < 60; y += 5) for (const x of [2, 20, 320, 390]) expect(at(x, y)).toBe(0);
    }
  });

  it('has a calmer border in a video than frame by frame', async () => {
    const asImage = ({ alpha, width, height }: WholePicture): RgbImage => ({ data: alpha!, width, height });
    const together = (await run(backgroundRemover, {}, frames)).map(asImage);
    const alone: RgbImage[] = [];
    for (const frame of frames) {
      // The same fineness, and nothing remembered.
      await using opened = await openFrameProcessor(backgroundRemover, {});
      alone.push(asImage(pictureOf(await opened.processor.processFrame(frame, [], timeOf(0)))));
    }
    expect(restlessness(together)).toBeLessThan(0.85 * restlessness(alone));
  });

  it('goes on from a saved state as if nothing had happened', async () => {
    const whole = await run(backgroundRemover, {}, frames);
    await using first = await openFrameProcessor(backgroundRemover, {});
    for (const [at, frame] of frames.slice(0, 4).entries()) await first.processor.processFrame(frame, [], timeOf(at));
    const state: unknown = deserialize(serialize(first.processor.save()));
    await using second = await openFrameProcessor(backgroundRemover, {});
    await second.processor.restore(state);
    for (const [at, frame] of frames.slice(4).entries()) {
      const made = pictureOf(await second.processor.processFrame(frame, [], timeOf(at + 4)));
      expect(made.alpha).toEqual(whole[at + 4]!.alpha);
    }
  });
});
