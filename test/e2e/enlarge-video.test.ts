/** `frame_enhancer` on videos from end to end, with a published model of the user's: here one that repeats each pixel. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { processVideo } from '../../src/runner/process.ts';
import { ffmpeg, probeEntries } from '../helpers/make-media.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { readPhoto } from '../helpers/sample-media.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const folder = createRunFolder();
const modelFolder = folder.at('models');
const SIZE = { width: 96, height: 64 };
const FRAMES = 20;
/** Blocks of colour whose borders lie on whole blocks of 8 x 8. */
const CLIP = `testsrc2=size=${SIZE.width}x${SIZE.height}:rate=10:duration=2,gblur=sigma=3`;

/** As `real_esrgan_x2`; with red and blue exchanged, so that an untouched frame shows. */
function enlargerOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, 3, 256, 256]);
  const turned = graph.node('Gather', [input, graph.int64([2, 1, 0])], { axis: 1 });
  const attributes = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
  const large = graph.node('Resize', [turned, '', graph.float32([1, 1, 2, 2])], attributes);
  graph.output('output', large, [1, 3, 512, 512]);
  return graph.toBytes();
}

beforeAll(async () => {
  await writeUserModels(modelFolder, [{ id: 'real_esrgan_x2', bytes: enlargerOnnx() }]);
  const lossless = ['-c:v', 'libx264', '-qp', '0'];
  await ffmpeg('-f', 'lavfi', '-i', CLIP, '-pix_fmt', 'yuv420p', ...lossless, folder.at('8bit.mp4'));
  await ffmpeg('-f', 'lavfi', '-i', CLIP, '-pix_fmt', 'yuv420p10le', ...lossless, folder.at('10bit.mp4'));
});
afterAll(() => folder.remove());

const enlarge = (target: string, output: string, outputVideoScale: number) =>
  processVideo({
    ...{ processors: ['frame_enhancer'], frameEnhancerModel: 'real_esrgan_x2', frameEnhancerBlend: 100 },
    ...{ targetPath: folder.at(target), outputPath: folder.at(output), outputVideoScale, outputVideoQuality: 100 },
    ...{ modelFolder, licensePolicy: 'any' },
  });

/** One frame, at the size of the clip. */
async function frameOf(name: string, index: number): Promise<RgbImage> {
  const png = folder.at(`${name}-${index}.png`);
  const filter = `select=eq(n\\,${index}),scale=${SIZE.width}:${SIZE.height}:flags=area`;
  await ffmpeg('-i', folder.at(name), '-vf', filter, '-frames:v', '1', png);
  return readPhoto(png);
}

/** Mean difference of a frame to that of the clip, red and blue exchanged. */
async function differenceOf(output: string, target: string, index: number): Promise<number> {
  const [made, from] = [await frameOf(output, index), await frameOf(target, index)];
  let sum = 0;
  for (let at = 0; at < from.data.length; at++) {
    const channel = at % 3;
    sum += Math.abs(made.data[at]! - from.data[at - channel + 2 - channel]!);
  }
  return sum / from.data.length;
}

describe('frame_enhancer on a video', () => {
  it.each([1, 2])('gives the size that was asked for, and every frame: scale %i', async (scale) => {
    const output = `x${scale}.mp4`;
    const result = await enlarge('8bit.mp4', output, scale);
    expect(result).toMatchObject({ outcome: 'completed', frames: { total: FRAMES, changed: FRAMES } });
    const codes = result.notes.map(({ code }) => code);
    expect(codes.includes('enhanced-then-scaled')).toBe(scale === 1);
    const { width, height } = await probeEntries(folder.at(output), 'stream=width,height');
    expect([Number(width), Number(height)]).toEqual([SIZE.width * scale, SIZE.height * scale]);
    for (const index of [0, FRAMES - 1]) expect(await differenceOf(output, '8bit.mp4', index)).toBeLessThan(4);
  });

  it('takes a video of ten bits', async () => {
    const result = await enlarge('10bit.mp4', 'deep.mp4', 2);
    expect(result).toMatchObject({ outcome: 'completed', frames: { total: FRAMES, changed: FRAMES } });
    const { width, pix_fmt } = await probeEntries(folder.at('deep.mp4'), 'stream=width,pix_fmt');
    expect(Number(width)).toBe(SIZE.width * 2);
    expect(pix_fmt).toBe('yuv420p10le');
    expect(await differenceOf('deep.mp4', '10bit.mp4', 9)).toBeLessThan(4);
  });
});
