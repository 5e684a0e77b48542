import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import { i420ToRgb } from '../../src/engine/frames/yuv.ts';
import { DIGITAL_SOURCE_TYPE } from '../../src/media/ai-marking.ts';
import { probeVideo } from '../../src/media/probe.ts';
import { readVideoFrame } from '../../src/media/video-reader.ts';
import { previewFrame } from '../../src/runner/preview.ts';
import { processImage, processVideo } from '../../src/runner/process.ts';
import { LARGEST_MARK_OF_VIDEO, largestDifference } from '../helpers/beyond-mark.ts';
import { makeTwoPeople, SCENE_FRAMES } from '../helpers/two-people.ts';
import { ensureBuilt, MEDIA, makeFolder, runCli } from './support/cli.ts';

const folder = makeFolder('preview');
const at = (name: string): string => join(folder.path, name);
/** Of a run in two chunks. */
const LAST = 49;
const CHUNK = 30;

beforeAll(async () => {
  ensureBuilt();
  await sharp(MEDIA.threeWomen)
    .extract({ left: 1000, top: 120, width: 520, height: 640 })
    .png()
    .toFile(at('source.png'));
  await sharp(MEDIA.fourWomen).extract({ left: 1330, top: 60, width: 560, height: 640 }).png().toFile(at('photo.png'));
  copyFileSync(MEDIA.talkingMan, at('clip.mp4'));
});
afterAll(() => folder.dispose());

const preview = (...words: string[]) => runCli(['preview', '-s', at('source.png'), ...words]);

async function frameOf(path: string, index: number): Promise<RgbImage> {
  const { width, height, ...frame } = await readVideoFrame(path, await probeVideo(path), index);
  const rgb = { data: new Uint8Array(width * height * 3), width, height };
  i420ToRgb({ ...frame, width, height }, rgb, { x0: 0, y0: 0, x1: width, y1: height });
  return rgb;
}

/** Mean absolute difference of `a` and `b`, 0..255, where `changed` differs from `original` by more than the mark. */
function differenceWhereChanged(a: Uint8Array, b: Uint8Array, changed: Uint8Array, original: Uint8Array) {
  let [sum, count] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Math.abs(changed[i]! - original[i]!) <= LARGEST_MARK_OF_VIDEO) continue;
    sum += Math.abs(a[i]! - b[i]!);
    count++;
  }
  return { mean: sum / count, count };
}

describe('a frame of a video', () => {
  const run = {
    ...{ sourcePaths: [at('source.png')], targetPath: at('clip.mp4') },
    ...{ trimFrameEnd: LAST + 1, videoChunkSize: CHUNK },
  };
  beforeAll(async () => {
    // Quality 100 is lossless with x264: what differs then is the work on the faces.
    await processVideo({ ...run, outputPath: at('whole.mp4'), outputVideoQuality: 100 });
  });

  it.each([0, 1, 17, CHUNK, LAST])('%i is that of the whole run', async (frame) => {
    const output = at(`f${frame}.png`);
    await previewFrame({ ...run, outputPath: output }, frame);
    const { data, info } = await sharp(output).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 400, height: 300, channels: 3 });
    const [whole, target] = [await frameOf(at('whole.mp4'), frame), await frameOf(at('clip.mp4'), frame)];
    const { mean, count } = differenceWhereChanged(data, whole.data, whole.data, target.data);
    expect(count).toBeGreaterThan(5000);
    expect(mean).toBeLessThanOrEqual(2);
    // The measure would notice a frame that was not worked on.
    expect(differenceWhereChanged(target.data, whole.data, whole.data, target.data).mean).toBeGreaterThan(5);
    // Above the head there is nothing but the mark.
    const wall = 400 * 60 * 3;
    expect(largestDifference(data.subarray(0, wall), target.data)).toBeLessThanOrEqual(LARGEST_MARK_OF_VIDEO);
  });

  it('says in its metadata that a machine made it', async () => {
    const { xmp } = await sharp(at('f17.png')).metadata();
    expect(xmp?.toString()).toContain(DIGITAL_SOURCE_TYPE);
  });
});

it('works on the person whom the whole run takes from its first frame, wherever they are now', async () => {
  await makeTwoPeople(at('two.mp4'), ['man-woman', 'woman-man']);
  const frame = SCENE_FRAMES + 40;
  const common = ['-s', at('source.png'), '-t', at('two.mp4'), '--face-selector-mode', 'one'];
  const order = ['--face-selector-order', 'left-right'];
  const result = await runCli(['preview', ...common, ...order, '--frame', String(frame), '-o', at('two.png')]);
  expect(result.code, result.stderr).toBe(0);
  const [made, target] = [await sharp(at('two.png')).raw().toBuffer(), await frameOf(at('two.mp4'), frame)];
  const changed = { left: 0, right: 0 };
  for (let i = 0; i < made.length; i++) {
    if (Math.abs(made[i]! - target.data[i]!) > LARGEST_MARK_OF_VIDEO)
      changed[Math.floor(i / 3) % 640 < 320 ? 'left' : 'right']++;
  }
  // The man was on the left at first, and now is on the right.
  expect(changed.right).toBeGreaterThan(5000);
  expect(changed.left).toBe(0);
});

describe('facefusion preview', () => {
  it('writes beside the target without --output, and gives facts with --json', async () => {
    const { code, stdout, stderr } = await preview('-t', at('clip.mp4'), '--frame', '25', '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ schemaVersion: 1, command: 'preview', ok: true, kind: 'image', width: 400, height: 300 },
      ...{ outputPath: at('clip-frame-25.png'), frameNumber: 25, timeSeconds: 1, frames: { total: 1, changed: 1 } },
    });
    expect(existsSync(at('clip-frame-25.png'))).toBe(true);
  });

  it('takes a photo as target', async () => {
    const { code, stdout, stderr } = await preview('-t', at('photo.png'), '-o', at('photo-preview.png'));
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${at('photo-preview.png')}\n` });
    const call = { sourcePaths: [at('source.png')], targetPath: at('photo.png') };
    await processImage({ ...call, outputPath: at('photo-whole.png') });
    const [a, b] = [
      await sharp(at('photo-preview.png')).raw().toBuffer(),
      await sharp(at('photo-whole.png')).raw().toBuffer(),
    ];
    expect(a.equals(b)).toBe(true);
  });

  it('shows a frame without a face to work on as it is, and says so', async () => {
    const words = ['-t', at('clip.mp4'), '--frame', '3', '-o', at('nobody.png'), '--json'];
    const { code, stdout, stderr } = await preview(
      ...words,
      '--face-selector-mode',
      'many',
      '--face-selector-gender',
      'female',
    );
    expect(code, stderr).toBe(0);
    const { notes, frames } = JSON.parse(stdout);
    expect(frames).toEqual({ total: 1, changed: 0, leftAlone: { 'no-face': 1 } });
    expect(notes).toContainEqual(expect.objectContaining({ code: 'preview-unchanged' }));
    const [shown, frame] = [await sharp(at('nobody.png')).raw().toBuffer(), await frameOf(at('clip.mp4'), 3)];
    expect(largestDifference(shown, frame.data)).toBeLessThanOrEqual(LARGEST_MARK_OF_VIDEO);
  });

  it.each([
    ['behind the end of a video', ['clip.mp4', '--frame', '1337'], 'below 1337'],
    ['behind the end of a photo', ['photo.png', '--frame', '1'], 'below 1,'],
    ['outside the trimmed range', ['clip.mp4', '--frame', '9', '--trim-frame-start', '10'], 'trimmed'],
  ])('refuses a frame %s', async (_, [target = '', ...words], message) => {
    const before = readdirSync(folder.path);
    const { code, stdout, stderr } = await preview('-t', at(target), '-o', at('never.png'), ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error\[OPTION_INVALID\]/m);
    expect(stderr).toContain(message);
    expect(readdirSync(folder.path)).toEqual(before);
  });

  it('refuses a video as output and an output that exists', async () => {
    const video = await preview('-t', at('clip.mp4'), '-o', at('never.mp4'));
    expect({ code: video.code }, video.stderr).toEqual({ code: 2 });
    expect(video.stderr).toContain('error[OUTPUT_UNSUPPORTED]');
    const bytes = readFileSync(at('photo.png'));
    const again = await preview('-t', at('clip.mp4'), '-o', at('photo.png'));
    expect(again.stderr).toContain('error[OUTPUT_EXISTS]');
    expect(readFileSync(at('photo.png')).equals(bytes)).toBe(true);
  });
});
