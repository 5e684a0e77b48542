import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CopyOptions, copyVideo } from '../../test/helpers/copy-video.ts';
import {
  ffmpeg,
  lumaPsnr,
  makeClip,
  makeFolder,
  makeVariableClip,
  packetTimes,
  probeEntries,
  removeFolder,
  streamCodecs,
} from '../../test/helpers/make-media.ts';
import { provenance } from '../trust/provenance.ts';
import { readWebpFrames } from './count-output-frames.ts';
import { publishSequence } from './image-sequence-output.ts';
import { openAbandoned, openOutputFile } from './output-file.ts';
import { probeVideo } from './probe.ts';

const run = promisify(execFile);

/** Twelve frames of 64 x 48 at 25 a second, with a tone. */
let folder: string;
let clip: string;
beforeAll(async () => {
  folder = await makeFolder();
  clip = await makeClip(join(folder, 'clip.mp4'), { size: '64x48', seconds: 0.48, audio: true });
});
afterAll(() => removeFolder(folder));

const at = (name: string): string => join(folder, name);

/** Whether the step that guards publishing would let a file pass. */
async function isMarked(path: string): Promise<boolean> {
  const output = { path, partialPath: path } as Parameters<typeof provenance.beforePublish>[0]['output'];
  try {
    await provenance.beforePublish({ output });
    return true;
  } catch {
    return false;
  }
}

/** A transport stream lists its streams twice, and side data add empty fields. */
const codecsOf = async (path: string): Promise<string[]> =>
  [...new Set((await streamCodecs(path)).map((text) => text.replace(/^:/, '')))].filter((text) => text !== '').sort();

/** When each frame is shown. Packets of a program stream have no times of their own, nor has its last frame. */
async function frameTimes(path: string): Promise<number[]> {
  const entries = ['-show_entries', 'frame=best_effort_timestamp_time', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v:0', ...entries, path]);
  return stdout.split('\n').map(Number.parseFloat).filter(Number.isFinite);
}

/** Mean difference of two photos of one size, in steps of 255. */
async function difference(one: string, other: string): Promise<number> {
  const [a, b] = await Promise.all([one, other].map((path) => sharp(path).removeAlpha().raw().toBuffer()));
  expect(a!.length).toBe(b!.length);
  return a!.reduce((sum, value, index) => sum + Math.abs(value - b![index]!), 0) / a!.length;
}

async function copyClip(name: string, options: CopyOptions = {}): Promise<string> {
  await copyVideo(clip, at(name), { chunkFrames: 6, ...options });
  return at(name);
}

describe('containers', () => {
  it.each([
    ['mp4', 'libx264', ['video:h264', 'audio:aac'], 1e-6],
    ['mp4', 'libvpx-vp9', ['video:vp9', 'audio:aac'], 1e-6],
    ['mov', 'libx265', ['video:hevc', 'audio:aac'], 1e-6],
    ['m4v', 'libx265', ['video:h264', 'audio:aac'], 1e-6],
    ['mkv', 'libx265', ['video:hevc', 'audio:aac'], 0.001],
    ['webm', 'libx264', ['video:vp9', 'audio:opus'], 0.001],
    ['avi', 'libx264', ['video:h264', 'audio:mp3'], 0.001],
    ['avi', 'rawvideo', ['video:rawvideo', 'audio:mp3'], 0.001],
    ['mov', 'rawvideo', ['video:rawvideo', 'audio:aac'], 1e-6],
    ['wmv', 'libx264', ['video:wmv2', 'audio:wmav2'], 0.0011],
    ['mxf', 'libx264', ['video:h264', 'audio:pcm_s16le'], 1e-6],
    ['mpg', 'libx264', ['video:mpeg2video', 'audio:mp2'], 1e-4],
    ['mpeg', 'libvpx-vp9', ['video:mpeg2video', 'audio:mp2'], 1e-4],
    ['ts', 'libx264', ['video:h264', 'audio:aac'], 1e-4],
    ['ts', 'libx265', ['video:hevc', 'audio:aac'], 1e-4],
  ] as const)('.%s from %s: streams, frames, times, picture, marking', async (ending, encoder, codecs, tolerance) => {
    const output = await copyClip(`container-${encoder}.${ending}`, { encoder });
    expect(await codecsOf(output)).toEqual([...codecs].sort());
    expect(await packetTimes(output)).toHaveLength(12);
    const times = await frameTimes(output);
    expect(times.length).toBeGreaterThanOrEqual(ending.startsWith('mp') && ending !== 'mp4' ? 11 : 12);
    for (const [frame, time] of times.entries()) {
      expect(Math.abs(time - times[0]! - frame / 25)).toBeLessThanOrEqual(tolerance);
    }
    expect(await probeVideo(output)).toMatchObject({ width: 64, height: 48, fps: expect.closeTo(25, 3) });
    expect(await lumaPsnr(clip, output)).toBeGreaterThan(27);
    expect(await isMarked(output)).toBe(true);
  });

  it('keep sound and picture together', async () => {
    const differenceIn = async (path: string): Promise<number> =>
      (await packetTimes(path))[0]! - (await packetTimes(path, 'a:0'))[0]!;
    const expected = await differenceIn(clip);
    for (const ending of ['ts', 'mkv']) {
      expect(await differenceIn(await copyClip(`together.${ending}`))).toBeCloseTo(expected, 2);
    }
  });
});

describe('frames at irregular times', () => {
  it.each(['ts', 'wmv', 'webm'])('are kept in .%s', async (ending) => {
    const input = at('variable.mp4');
    if (!(await stat(input).catch(() => undefined))) await makeVariableClip(input);
    const output = at(`variable.${ending}`);
    await copyVideo(input, output, { chunkFrames: 13, scale: 0.25 });
    const [before, after] = [await packetTimes(input), await packetTimes(output)];
    expect(after).toHaveLength(before.length);
    for (const [frame, time] of after.entries()) {
      expect(Math.abs(time - after[0]! - (before[frame]! - before[0]!))).toBeLessThan(0.0011);
    }
    expect(await probeEntries(output, 'stream=width,height')).toEqual({ width: '80', height: '60' });
  });
});

describe('animations', () => {
  it('GIF: every frame, its times, its colours, its comment', async () => {
    const output = await copyClip('clip.gif');
    const { pages, delay, loop, width, pageHeight } = await sharp(output, { animated: true }).metadata();
    expect({ pages, delay, loop, width, pageHeight }).toEqual({
      ...{ pages: 12, loop: 0, width: 64, pageHeight: 48 },
      delay: new Array(12).fill(40),
    });
    // Testing patterns have more colours than a palette.
    expect(await lumaPsnr(clip, output)).toBeGreaterThan(24);
    expect(await isMarked(output)).toBe(true);
  });

  it('WebP: every frame, its times, its XMP', async () => {
    const output = await copyClip('clip.webp');
    // Frames that differ too little to be seen become one.
    const { frames, durationSeconds } = await readWebpFrames(output);
    expect(frames).toBeGreaterThan(4);
    expect(durationSeconds).toBeCloseTo(0.48, 3);
    const { pages, delay, xmpAsString } = await sharp(output, { animated: true }).metadata();
    expect(pages).toBe(frames);
    for (const time of delay ?? []) expect(time % 40).toBe(0);
    expect(xmpAsString).toContain('compositeWithTrainedAlgorithmicMedia');
    const still = at('still.png');
    await ffmpeg('-i', clip, '-frames:v', '1', still);
    const first = at('first-of-webp.png');
    await sharp(output).png().toFile(first);
    expect(await difference(first, still)).toBeLessThan(12);
    expect(await isMarked(output)).toBe(true);
  });

  it('WebP of one picture that stands still lasts as long', async () => {
    const input = await makeClip(at('still.mp4'), { size: '64x48', filter: 'trim=end_frame=1,loop=24:1', seconds: 1 });
    const output = at('standing.webp');
    await copyVideo(input, output);
    expect((await readWebpFrames(output)).durationSeconds).toBeCloseTo(1, 2);
  });

  it('show pixels that are no squares as wide as they are', async () => {
    const input = await makeClip(at('wide.mp4'), { size: '64x48', filter: 'setsar=2/1', seconds: 0.2 });
    const output = at('wide.gif');
    await copyVideo(input, output);
    expect(await sharp(output).metadata()).toMatchObject({ width: 128, height: 48 });
  });
});

describe('image sequences', () => {
  it.each(['png', 'jpg', 'webp', 'tiff', 'bmp'])('one .%s a frame, each marked', async (ending) => {
    const pattern = at(`sequence-${ending}-%03d.${ending}`);
    await copyVideo(clip, pattern, { chunkFrames: 5, scale: 2 });
    const names = (await readdir(folder)).filter((name) => name.startsWith(`sequence-${ending}`)).sort();
    expect(names).toHaveLength(12);
    expect(names[0]).toBe(`sequence-${ending}-001.${ending}`);
    for (const number of [1, 12]) {
      const photo = at(names[number - 1]!);
      const target = at(`target-${ending}-${number}.png`);
      const filter = `select=eq(n\\,${number - 1}),scale=128:96`;
      await ffmpeg('-i', clip, '-vf', filter, '-frames:v', '1', target);
      const shown = at(`shown-${ending}-${number}.png`);
      await ffmpeg('-i', photo, '-frames:v', '1', shown);
      expect(await difference(shown, target)).toBeLessThan(8);
      expect(await isMarked(photo)).toBe(true);
    }
    expect(await probeEntries(at(names[0]!), 'stream=width,height')).toEqual({ width: '128', height: '96' });
  });

  it('replace an earlier, longer one as a whole, and only when told to', async () => {
    const pattern = at('again-%d.png');
    for (const number of [1, 7, 13, 14]) await writeFile(at(`again-${number}.png`), `old ${number}`);
    await writeFile(at('again-x.png'), 'not of it');
    await expect(copyVideo(clip, pattern)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await copyVideo(clip, pattern, { force: true });
    const names = (await readdir(folder)).filter((name) => name.startsWith('again-'));
    expect(names).toHaveLength(13);
    expect(names).toContain('again-x.png');
    expect(names).not.toContain('again-13.png');
    expect((await sharp(at('again-7.png')).metadata()).width).toBe(64);
  });

  it('are refused where an input is a part of them', async () => {
    const input = at('part-01.png');
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toFile(input);
    const opening = openOutputFile(at('part-%02d.png'), { force: true, inputs: [input], isSequence: true });
    await expect(opening).rejects.toMatchObject({ code: 'PATH_CONFLICT' });
  });

  it('leave nothing behind where they are given up, or their run was killed', async () => {
    const here = at('given-up');
    await mkdir(here);
    const pattern = join(here, '%d.png');
    {
      await using output = await openOutputFile(pattern, { force: false, inputs: [], isSequence: true });
      await writeFile(join(output.partialPath, '1.png'), 'unfinished');
    }
    expect(await readdir(here)).toEqual([]);
    // What a process that is gone leaves: no process has this number on any system.
    await mkdir(`${pattern}.partial`);
    await writeFile(join(`${pattern}.partial`, '1.png'), 'unfinished');
    const owner = { host: hostname(), processId: 2 ** 30, startedAt: '1' };
    await writeFile(`${pattern}.partial.lock`, JSON.stringify(owner));
    await (await openAbandoned(pattern))?.[Symbol.asyncDispose]();
    expect(await readdir(here)).toEqual([]);
  });

  it('are put back where one of them cannot be replaced', async () => {
    const here = at('put-back');
    await mkdir(here);
    await writeFile(join(here, '1.png'), 'old');
    await writeFile(join(here, '2.png'), 'old');
    const unfinished = join(here, 'unfinished');
    await mkdir(unfinished);
    for (const number of [1, 2]) await writeFile(join(unfinished, `${number}.png`), 'new');
    // No file can have a name as long as this pattern makes.
    const publishing = publishSequence(unfinished, join(here, '%0300d.png'));
    await expect(publishing).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    for (const name of ['1.png', '2.png']) expect(await readFile(join(here, name), 'utf8')).toBe('old');
    expect((await readdir(unfinished)).filter((name) => name.endsWith('.png'))).toHaveLength(2);
  });
});

describe('sound', () => {
  it.each([
    ['mp4', 'libmp3lame', 'mp3'],
    ['mp4', 'libopus', 'opus'],
    ['mp4', 'flac', 'flac'],
    ['mkv', 'libvorbis', 'vorbis'],
    ['mov', 'pcm_s32le', 'pcm_s32le'],
    ['mov', 'libopus', 'aac'],
    ['avi', 'pcm_s16le', 'pcm_s16le'],
    ['webm', 'flac', 'opus'],
    ['wmv', 'libmp3lame', 'mp3'],
  ] as const)('in .%s by %s is %s', async (ending, audioEncoder, codec) => {
    const output = await copyClip(`sound-${audioEncoder}.${ending}`, { audioEncoder });
    expect(await streamCodecs(output)).toContain(`audio:${codec}`);
    const { duration } = await probeEntries(output, 'format=duration');
    expect(Math.abs(Number(duration) - 0.48)).toBeLessThan(0.09);
  });

  it('has the quality and the loudness that were asked for', async () => {
    const input = await makeClip(at('long.mp4'), { size: '64x48', seconds: 4, audio: true, output: ['-r', '5'] });
    const bitRateAt = async (audioQuality: number): Promise<number> => {
      const output = at(`quality-${audioQuality}.mp3.mkv`);
      await copyVideo(input, output, { audioEncoder: 'libopus', audioQuality });
      return (await packetTimes(output, 'a:0')).length && Number((await stat(output)).size);
    };
    expect(await bitRateAt(100)).toBeGreaterThan((await bitRateAt(0)) + 5000);
    const loudness = async (audioVolume: number): Promise<number> => {
      const output = at(`volume-${audioVolume}.mkv`);
      await copyVideo(input, output, { audioEncoder: 'pcm_s16le', audioVolume });
      const raw = at(`volume-${audioVolume}.raw`);
      await ffmpeg('-i', output, '-f', 's16le', '-c:a', 'pcm_s16le', raw);
      const bytes = await readFile(raw);
      let peak = 0;
      for (let at = 0; at + 1 < bytes.length; at += 2) peak = Math.max(peak, Math.abs(bytes.readInt16LE(at)));
      return peak;
    };
    expect((await loudness(50)) / (await loudness(100))).toBeCloseTo(0.5, 1);
  });
});

describe('sound that is shorter or longer than the picture', () => {
  it.each([
    ['mxf', 0.1],
    ['mxf', 0.9],
    ['mpg', 0.1],
    ['wmv', 0.1],
    ['ts', 0.9],
    ['avi', 0.1],
  ] as const)('costs .%s no frame (%f s)', async (ending, seconds) => {
    const input = await makeClip(at(`sound-of-${seconds}.mp4`), { size: '64x48', seconds: 0.48, audio: seconds });
    await copyVideo(input, at(`sound-of-${seconds}.${ending}`), { chunkFrames: 6 });
  });
});

describe('a picture', () => {
  it('is scaled to even sizes', async () => {
    const output = await copyClip('scaled.mp4', { scale: 0.75 });
    expect(await probeEntries(output, 'stream=width,height')).toEqual({ width: '48', height: '36' });
    const large = await copyClip('large.mkv', { scale: 1.25, startFrame: 0, endFrame: 2 });
    expect(await probeEntries(large, 'stream=width,height')).toEqual({ width: '80', height: '60' });
  });

  it('keeps full range when it is scaled', async () => {
    const filter = 'scale=out_range=pc,format=yuvj420p';
    const input = await makeClip(at('full.mp4'), {
      size: '64x48',
      seconds: 0.2,
      filter,
      output: ['-pix_fmt', 'yuvj420p'],
    });
    const output = at('full-out.mp4');
    await copyVideo(input, output, { scale: 2 });
    expect((await probeVideo(output)).colour.range).toBe('full');
    const back = at('full-back.mkv');
    await ffmpeg('-i', output, '-vf', 'scale=64:48', '-c:v', 'ffv1', back);
    expect(await lumaPsnr(input, back)).toBeGreaterThan(28);
  });

  it('is RGB with libx264rgb', async () => {
    const output = await copyClip('rgb.mkv', { encoder: 'libx264rgb' });
    expect(await probeEntries(output, 'stream=codec_name,pix_fmt')).toEqual({ codec_name: 'h264', pix_fmt: 'gbrp' });
    const back = at('rgb-back.mkv');
    await ffmpeg('-i', output, '-pix_fmt', 'yuv420p', '-c:v', 'ffv1', back);
    expect(await lumaPsnr(clip, back)).toBeGreaterThan(30);
  });
});
