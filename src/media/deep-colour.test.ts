import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeClip, makeFolder, probeEntries, removeFolder } from '../../test/helpers/make-media.ts';
import { openChunkWriter } from './chunk-writer.ts';
import { joinChunks } from './join-chunks.ts';
import { planVideoOutput } from './plan-video-output.ts';
import { probeVideo, type VideoInfo } from './probe.ts';

const SIZE = 64;
const FRAMES = 3;
const SAMPLES = (SIZE * SIZE * 3) / 2;

let folder: string;
let info: VideoInfo;
beforeAll(async () => {
  folder = await makeFolder();
  const clip = await makeClip(join(folder, 'clip.mp4'), { size: `${SIZE}x${SIZE}`, seconds: 0.12 });
  const tags = { matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084', range: 'tv' } as const;
  const colour = { matrix: 'bt2020', range: 'limited', matrixGuessed: false, tags } as const;
  info = { ...(await probeVideo(clip)), colour, isHdr: true };
});
afterAll(() => removeFolder(folder));

/** A slope so gentle that 8 bits have one step where it has four. */
const sampleAt = (x: number, y: number): number => 400 + Math.floor((x + y) / 2);
const deep = Uint16Array.from({ length: SAMPLES }, (_, index) =>
  index < SIZE * SIZE ? sampleAt(index % SIZE, Math.floor(index / SIZE)) : 512,
);

async function writeDeep(name: string, encoder: 'libx264' | 'libx265' | 'libvpx-vp9'): Promise<string> {
  const outputPath = join(folder, name);
  const plan = await planVideoOutput(outputPath, { encoder, info, bitDepth: 10 });
  const options = { info, plan, preset: 'veryfast', quality: 95, scale: 1 } as const;
  const path = join(folder, `${name}.chunk.mp4`);
  await using writer = openChunkWriter(path, options);
  for (let frame = 0; frame < FRAMES; frame++) {
    const data = new Uint8Array(SAMPLES);
    await writer.write({ data, deep, width: SIZE, height: SIZE, colour: info.colour, ptsSeconds: frame / 25 });
  }
  const chunks = [{ path, ...(await writer.finish()) }];
  const rest = { audioVolume: 100, audioQuality: 80, trim: false, endSeconds: FRAMES / 25 };
  await joinChunks({ ...options, ...rest, chunks, outputPath });
  return outputPath;
}

/** Luma of the last frame, in 10 bits. */
async function lumaOf(path: string): Promise<Uint16Array> {
  const args = ['-v', 'error', '-i', path, '-pix_fmt', 'yuv420p10le', '-f', 'rawvideo', '-'];
  const { stdout } = await promisify(execFile)('ffmpeg', args, { encoding: 'buffer' });
  expect(stdout.length).toBe(FRAMES * SAMPLES * 2);
  const last = (FRAMES - 1) * SAMPLES * 2;
  return new Uint16Array(stdout.buffer.slice(stdout.byteOffset + last, stdout.byteOffset + last + SIZE * SIZE * 2));
}

describe('frames of 10 bits', () => {
  it.each([
    ['x264.mp4', 'libx264', 'yuv420p10le'],
    ['x265.mkv', 'libx265', 'yuv420p10le'],
    ['vp9.webm', 'libvpx-vp9', 'yuv420p10le'],
  ] as const)('stay so in %s, with the tags of HDR', async (name, encoder, pixels) => {
    const output = await writeDeep(name, encoder);
    expect(await probeEntries(output, 'stream=pix_fmt,color_space,color_transfer,color_primaries')).toEqual({
      ...{ pix_fmt: pixels, color_space: 'bt2020nc', color_transfer: 'smpte2084', color_primaries: 'bt2020' },
    });
    const luma = await lumaOf(output);
    const error = luma.reduce((sum, value, index) => sum + Math.abs(value - deep[index]!), 0) / luma.length;
    // Rounded to 8 bits the mean error would be 1.
    expect(error).toBeLessThan(0.8);
  });

  it('become 8 bits, once, where the container has no more', async () => {
    const output = await writeDeep('deep.mpg', 'libx264');
    expect(await probeEntries(output, 'stream=pix_fmt')).toEqual({ pix_fmt: 'yuv420p' });
    const luma = await lumaOf(output);
    const error = luma.reduce((sum, value, index) => sum + Math.abs(value - deep[index]!), 0) / luma.length;
    expect(error).toBeLessThan(4);
  });
});
