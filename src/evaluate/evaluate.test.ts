import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunFolder, ffmpeg, type RunFolder } from '../../test/helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../../test/helpers/sample-media.ts';
import { evaluate } from './evaluate.ts';

const group = samplePhotoPath(6);
const talking = sampleVideoPath('cap12_edit');

let folder: RunFolder;
/** Two women of one photo, a face each, and the second with her lower face smeared. */
let source: string;
let target: string;
let smeared: string;
let landscape: string;

beforeAll(async () => {
  folder = createRunFolder();
  source = folder.at('source.png');
  target = folder.at('target.png');
  smeared = folder.at('smeared.png');
  landscape = folder.at('landscape.png');
  await sharp(group).extract({ left: 100, top: 350, width: 520, height: 560 }).png().toFile(source);
  await sharp(group).extract({ left: 1300, top: 100, width: 600, height: 700 }).png().toFile(target);
  const chin = await sharp(target).extract({ left: 200, top: 300, width: 160, height: 120 }).blur(9).png().toBuffer();
  await sharp(target)
    .composite([{ input: chin, left: 200, top: 300 }])
    .png()
    .toFile(smeared);
  await sharp(group).extract({ left: 0, top: 0, width: 300, height: 120 }).png().toFile(landscape);
});

afterAll(() => folder.remove());

describe('photos', () => {
  it('finds a copy of the target perfect but for the identity', async () => {
    const report = await evaluate({ sourcePaths: [source], targetPath: target, resultPath: target });
    expect(report).toMatchObject({ kind: 'image', width: 600, height: 700, frames: 1, faces: 1, overall: 'poor' });
    const { measures } = report;
    expect(measures.psnr?.value).toBe(100);
    expect(measures.ssim?.value).toBeCloseTo(1, 5);
    expect(measures.expression?.value).toBe(0);
    expect(measures.opening?.value).toBe(0);
    expect(measures.seam?.value).toBe(1);
    expect(measures.outsideChanged).toEqual({ value: 0, wanted: '<= 0', verdict: 'good' });
    expect(measures.identityToTarget?.value).toBeCloseTo(1, 5);
    expect(measures.identityToTarget?.verdict).toBe('poor');
    expect(measures.identitySecondOpinion?.secondOpinion).toBe(true);
    // Strangers, by both recognisers.
    expect(measures.identity?.value).toBeLessThan(0.92);
    expect(measures.identitySecondOpinion?.value).toBeLessThan(0.44);
    expect(measures.jitter).toBeUndefined();
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('knows the person again, and averages several sources', async () => {
    const one = await evaluate({ sourcePaths: [target], targetPath: target, resultPath: target });
    expect(one.measures.identity?.value).toBeCloseTo(1, 3);
    const two = await evaluate({ sourcePaths: [target, source], targetPath: target, resultPath: target });
    expect(two.measures.identity?.value).toBeLessThan(0.99);
    expect(two.measures.identity?.value).toBeGreaterThan(0.92);
  });

  it('sees a change inside the face and none outside', async () => {
    const { measures, outside } = await evaluate({ sourcePaths: [source], targetPath: target, resultPath: smeared });
    expect(measures.psnr?.value).toBeLessThan(60);
    expect(measures.ssim?.value).toBeLessThan(1);
    expect(measures.expression?.value).toBeGreaterThan(0);
    expect(outside).toMatchObject({ changed: 0, largest: 0 });
    expect(outside.total).toBeGreaterThan(0);
  });

  it('counts every pixel outside, and allows a lossy format its noise', async () => {
    const dotted = folder.at('dotted.png');
    const dot = await sharp({ create: { width: 2, height: 3, channels: 3, background: '#0f0' } })
      .png()
      .toBuffer();
    await sharp(target)
      .composite([{ input: dot, left: 0, top: 0 }])
      .png()
      .toFile(dotted);
    const png = await evaluate({ sourcePaths: [source], targetPath: target, resultPath: dotted });
    expect(png.measures.outsideChanged).toMatchObject({ value: 6, verdict: 'poor' });
    const compressed = folder.at('compressed.jpg');
    await sharp(target).jpeg({ quality: 90 }).toFile(compressed);
    const jpeg = await evaluate({ sourcePaths: [source], targetPath: target, resultPath: compressed });
    expect(jpeg.measures.outsideChanged).toBeUndefined();
    expect(jpeg.measures.outsideMean?.verdict).toBe('good');
  });

  it.each([
    ['a source without a face', () => ({ sourcePaths: [landscape] }), 'SOURCE_NO_FACE'],
    ['a target without a face', () => ({ targetPath: landscape, resultPath: landscape }), 'TARGET_NO_FACE'],
    ['a result of another size', () => ({ resultPath: source }), 'INPUT_UNSUPPORTED'],
    ['a video against a photo', () => ({ resultPath: talking }), 'INPUT_UNSUPPORTED'],
    ['no sources', () => ({ sourcePaths: [] }), 'OPTION_MISSING'],
    ['a missing result', () => ({ resultPath: folder.at('nothing.png') }), 'INPUT_NOT_FOUND'],
  ])('refuses %s', async (_what, change, code) => {
    const call = evaluate({ sourcePaths: [source], targetPath: target, resultPath: target, ...change() });
    await expect(call).rejects.toMatchObject({ code });
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort();
    const call = evaluate({ sourcePaths: [source], targetPath: target, resultPath: target, signal });
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('videos', () => {
  it('follows a face, tells a trembling result and a steady one', async () => {
    const clip = folder.at('clip.mp4');
    const trembling = folder.at('trembling.mp4');
    const encoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', '-pix_fmt', 'yuv420p'];
    ffmpeg('-i', talking, '-frames:v', '30', '-an', ...encoding, clip);
    // Every other frame a little brighter.
    ffmpeg('-i', clip, '-vf', "eq=brightness='0.05*mod(n,2)':eval=frame", ...encoding, trembling);
    const progress: number[] = [];
    const same = await evaluate({
      sourcePaths: [source],
      targetPath: clip,
      resultPath: clip,
      onProgress: ({ done }) => progress.push(done),
    });
    expect(same).toMatchObject({ kind: 'video', width: 400, height: 300, frames: 30, followedFrames: 30, faces: 12 });
    expect(same.sampledFrames).toHaveLength(12);
    expect(same.measures.jitter?.value).toBe(1);
    expect(same.measures.flicker?.value).toBe(1);
    expect(same.measures.psnr?.value).toBe(100);
    expect(progress.at(-1)).toBe(30);
    const worse = await evaluate({ sourcePaths: [source], targetPath: clip, resultPath: trembling });
    expect(worse.measures.flicker?.value).toBeGreaterThan(2);
    expect(worse.measures.flicker?.verdict).toBe('poor');
    // Half of the sampled frames are those that were brightened.
    expect(worse.measures.outsideMean?.value).toBeGreaterThan(2);
  });

  it('refuses videos of different length or size', async () => {
    const clip = folder.at('short.mp4');
    const shorter = folder.at('shorter.mp4');
    const smaller = folder.at('smaller.mp4');
    ffmpeg('-i', talking, '-frames:v', '4', '-an', clip);
    ffmpeg('-i', talking, '-frames:v', '3', '-an', shorter);
    ffmpeg('-i', clip, '-vf', 'scale=200:150', smaller);
    const compare = (targetPath: string, resultPath: string): Promise<unknown> =>
      evaluate({ sourcePaths: [source], targetPath, resultPath });
    await expect(compare(clip, shorter)).rejects.toMatchObject({ code: 'INPUT_UNSUPPORTED' });
    await expect(compare(shorter, clip)).rejects.toMatchObject({ code: 'INPUT_UNSUPPORTED' });
    await expect(compare(clip, smaller)).rejects.toThrow(/400x300.*200x150/);
  });
});
