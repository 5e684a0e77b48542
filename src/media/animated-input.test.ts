import { copyFile, mkdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, makeFolder, refusal, removeFolder } from '../../test/helpers/make-media.ts';
import { indexFrames } from './packet-index.ts';
import { probeVideo } from './probe.ts';
import { sniffMedia } from './sniff.ts';
import { openVideoReader, readVideoFrame } from './video-reader.ts';

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** Frames of one grey each, brighter by 6 from frame to frame; the left 8 columns are transparent. */
async function makeAnimation(path: string, delays: readonly number[], width = 33, height = 21): Promise<string> {
  const pixels = Buffer.alloc(width * height * 4 * delays.length);
  for (let frame = 0; frame < delays.length; frame++) {
    for (let at = 0; at < width * height; at++) {
      const grey = 20 + frame * 6;
      pixels.set([grey, grey, grey, at % width < 8 ? 0 : 255], (frame * width * height + at) * 4);
    }
  }
  const raw = { width, height: height * delays.length, channels: 4, pageHeight: height } as const;
  const animation = sharp(pixels, { raw });
  await (path.endsWith('.gif')
    ? animation.gif({ delay: [...delays] })
    : animation.webp({ delay: [...delays], lossless: true })
  ).toFile(path);
  return path;
}

/** Index, time, and luma of a transparent and of an opaque pixel of every frame. */
async function look(
  path: string,
  startFrame = 0,
): Promise<{ index: number; pts: number; paper: number; luma: number }[]> {
  const seen = [];
  for await (const { index, ptsSeconds, data, width } of openVideoReader(path, await probeVideo(path), {
    startFrame,
  })) {
    seen.push({ index, pts: ptsSeconds, paper: data[width + 2]!, luma: data[width + 20]! });
  }
  return seen;
}

const DELAYS = [40, 120, 40, 200, 70, 100, 30, 60];
const STARTS = [0, 40, 160, 200, 400, 470, 570, 600].map((milliseconds) => milliseconds / 1000);
/** Luma in limited range of the grey of a frame. */
const lumaOf = (frame: number): number => 16 + ((20 + frame * 6) * 219) / 255;

describe.each(['gif', 'webp'] as const)('an animated %s', (format) => {
  it('is a video with the delays of its frames, white where it is transparent', async () => {
    const path = await makeAnimation(join(folder, `delays.${format}`), DELAYS);
    expect(await sniffMedia(path)).toEqual({ kind: 'video', format });
    const info = await probeVideo(path);
    expect(info).toMatchObject({ container: format, width: 33, height: 21, frameWidth: 34, frameHeight: 22 });
    expect(info.durationSeconds).toBeCloseTo(0.66, 6);
    const seen = await look(path);
    expect(seen.map(({ index }) => index)).toEqual([...DELAYS.keys()]);
    for (const [frame, { pts, paper, luma }] of seen.entries()) {
      expect(pts).toBeCloseTo(STARTS[frame]!, 6);
      expect(paper).toBe(235);
      expect(Math.abs(luma - lumaOf(frame))).toBeLessThanOrEqual(2);
    }
    expect([...(await indexFrames(path, info)).times]).toEqual(STARTS.map((seconds) => expect.closeTo(seconds, 6)));
  });

  it('is read from the middle', async () => {
    const path = await makeAnimation(join(folder, `long.${format}`), new Array(30).fill(50), 12, 10);
    const all = await lookAtCorner(path, 0);
    expect(all).toHaveLength(30);
    for (const start of [1, 17, 29]) expect(await lookAtCorner(path, start)).toEqual(all.slice(start));
    const info = await probeVideo(path);
    expect((await refusal(readVideoFrame(path, info, 30))).code).toBe('OPTION_INVALID');
  });

  it('is a photo where it does not move', async () => {
    const still = await makeAnimation(join(folder, `still.${format}`), [100]);
    expect(await sniffMedia(still)).toEqual({ kind: 'image', format });
    const plain = join(folder, `plain.${format}`);
    await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).toFile(plain);
    expect(await sniffMedia(plain)).toEqual({ kind: 'image', format });
  });

  it('tells a truncated file', async () => {
    // Noise, so that frames have bytes to be cut.
    const [width, height, frames] = [64, 64, 12];
    const noise = Buffer.from(
      Array.from({ length: width * height * 3 * frames }, (_, i) => Math.imul(i ^ (i >>> 7), 0x9e3779b1) >>> 24),
    );
    const raw = { width, height: height * frames, channels: 3, pageHeight: height } as const;
    const path = join(folder, `cut.${format}`);
    const delay = new Array(frames).fill(500);
    const animation = sharp(noise, { raw });
    await (format === 'gif' ? animation.gif({ delay }) : animation.webp({ delay, lossless: true })).toFile(path);
    await truncate(path, Math.round((await stat(path)).size * 0.6));
    const info = await probeVideo(path);
    let count = 0;
    const reading = (async () => {
      for await (const _ of openVideoReader(path, info)) count++;
    })();
    if (format === 'gif') {
      // A GIF has no index: nobody can say how many frames it had.
      await reading;
      expect(count).toBeGreaterThan(3);
      expect(count).toBeLessThan(frames);
    } else {
      // libwebp takes no file that is shorter than its header says.
      expect(info.endsEarly).toBe(true);
      expect((await refusal(reading)).code).toBe('INPUT_UNREADABLE');
      expect(count).toBe(0);
    }
  });
});

async function lookAtCorner(path: string, startFrame: number): Promise<number[][]> {
  const seen = [];
  const info = await probeVideo(path);
  for await (const { index, ptsSeconds, data } of openVideoReader(path, info, { startFrame })) {
    seen.push([index, ptsSeconds, data[11]!]);
  }
  return seen;
}

describe('hostile pictures', () => {
  it('are no animation and end at once', async () => {
    const gif = await readFile(await makeAnimation(join(folder, 'source.gif'), DELAYS));
    const loops = join(folder, 'loops.gif');
    // An extension whose sub-blocks never end.
    await ffmpeg('-f', 'lavfi', '-i', 'color=size=8x8:duration=0.04', '-frames:v', '1', loops);
    const head = (await readFile(loops)).subarray(0, 13);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(
      loops,
      Buffer.concat([head, Buffer.alloc(768), Buffer.from([0x21, 0xfe]), Buffer.alloc(100_000, 1)]),
    );
    expect((await sniffMedia(loops)).kind).toBe('image');
    await writeFile(loops, gif.subarray(0, 20));
    expect((await sniffMedia(loops)).kind).toBe('image');
  });
});

describe('an image sequence', () => {
  /** Photos 7 to 16 of one grey each. */
  async function makeSequence(name: string, ending: string, numbers = [...Array(10).keys()].map((n) => n + 7)) {
    const here = join(folder, name);
    await mkdir(here, { recursive: true });
    for (const number of numbers) {
      const grey = number * 10;
      const create = { width: 32, height: 24, channels: 3, background: { r: grey, g: grey, b: grey } } as const;
      await sharp({ create }).toFile(join(here, `f_${String(number).padStart(3, '0')}.${ending}`));
    }
    return join(here, `f_%03d.${ending}`);
  }

  it.each(['png', 'jpg', 'webp', 'tiff'])('is read from its first number on (%s)', async (ending) => {
    const pattern = await makeSequence(`100%q %d ${ending}`, ending);
    expect(await sniffMedia(pattern)).toEqual({ kind: 'video', format: 'images' });
    const info = await probeVideo(pattern, { sequenceFps: 12.5 });
    expect(info).toMatchObject({ container: 'images', fps: 12.5, frameCountEstimate: 10, frameCountStated: true });
    expect(info.durationSeconds).toBeCloseTo(0.8, 6);
    expect((await indexFrames(pattern, info)).times).toHaveLength(10);
    for (const startFrame of [0, 4, 9]) {
      let index = startFrame;
      for await (const frame of openVideoReader(pattern, info, { startFrame })) {
        expect(frame.index).toBe(index);
        expect(frame.ptsSeconds).toBeCloseTo(index * 0.08, 6);
        const grey = (7 + index) * 10;
        const expected = info.colour.range === 'full' ? grey : 16 + (grey * 219) / 255;
        expect(Math.abs(frame.data[40]! - expected)).toBeLessThanOrEqual(2);
        index++;
      }
      expect(index).toBe(10);
    }
  });

  it('is scaled to its first photo', async () => {
    const pattern = await makeSequence('sizes', 'png');
    const create = { width: 64, height: 48, channels: 3, background: 'white' } as const;
    await sharp({ create }).toFile(pattern.replace('%03d', '010'));
    const info = await probeVideo(pattern);
    const seen = [];
    for await (const { width, height, data } of openVideoReader(pattern, info, { startFrame: 2, endFrame: 5 })) {
      seen.push([width, height, data[40]! > 230]);
    }
    expect(seen).toEqual([
      [32, 24, false],
      [32, 24, true],
      [32, 24, false],
    ]);
  });

  it('names the first file that is missing', async () => {
    const pattern = await makeSequence('gap', 'png');
    await rm(pattern.replace('%03d', '011'));
    await rm(pattern.replace('%03d', '013'));
    const error = await refusal(probeVideo(pattern));
    expect(error.code).toBe('INPUT_NOT_FOUND');
    expect(error.message).toContain('f_011.png');
  });

  it('tells a folder without photos, and no folder', async () => {
    expect((await refusal(probeVideo(join(folder, 'none_%03d.png')))).code).toBe('INPUT_NOT_FOUND');
    expect((await refusal(probeVideo(join(folder, 'nowhere', '%03d.png')))).code).toBe('INPUT_NOT_FOUND');
  });

  it('does not count numbers that are written otherwise', async () => {
    const pattern = await makeSequence('other', 'png');
    await copyFile(pattern.replace('%03d', '007'), pattern.replace('%03d', '1'));
    await copyFile(pattern.replace('%03d', '007'), pattern.replace('%03d', '0017'));
    expect((await probeVideo(pattern)).frameCountEstimate).toBe(10);
  });

  it('is a photo where a file is really called so', async () => {
    const path = join(folder, 'photo%03d.png');
    await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toFile(path);
    expect(await sniffMedia(path)).toEqual({ kind: 'image', format: 'png' });
  });
});
