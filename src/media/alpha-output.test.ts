import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeClip, makeFolder, probeEntries, removeFolder } from '../../test/helpers/make-media.ts';
import { openChunkWriter } from './chunk-writer.ts';
import { openSequenceFolder, publishSequence } from './image-sequence-output.ts';
import { type JoinedChunk, joinChunks } from './join-chunks.ts';
import { planVideoOutput } from './plan-video-output.ts';
import { probeVideo, type VideoInfo } from './probe.ts';
import type { VideoEncoder } from './video-encoders.ts';

const [WIDTH, HEIGHT] = [64, 48];
const FRAMES = 6;
const CHUNK_FRAMES = 3;

let folder: string;
let info: VideoInfo;
beforeAll(async () => {
  folder = await makeFolder();
  info = await probeVideo(await makeClip(join(folder, 'clip.mp4'), { size: `${WIDTH}x${HEIGHT}`, seconds: 0.24 }));
});
afterAll(() => removeFolder(folder));

/** A slope from left to right, with a hole that moves down: another axis, or another frame, is another picture. */
const alphaAt = (x: number, y: number, frame: number): number =>
  x < 16 && y >= frame * 8 && y < frame * 8 + 8 ? 0 : 60 + x * 3;

function alphaOf(frame: number): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => alphaAt(at % WIDTH, Math.floor(at / WIDTH), frame));
}

async function write(name: string, encoder: VideoEncoder, scale = 1): Promise<string> {
  const outputPath = join(folder, name);
  const plan = await planVideoOutput(outputPath, { encoder, info, alpha: true });
  expect(plan).toMatchObject({ alpha: true, bitDepth: 8 });
  const options = { info, plan, preset: 'veryfast', quality: 90, scale } as const;
  const chunks: JoinedChunk[] = [];
  for (let first = 0; first < FRAMES; first += CHUNK_FRAMES) {
    const path = join(folder, `${name.replaceAll('/', '-')}.${first}.mkv`);
    await using writer = openChunkWriter(path, options);
    for (let frame = first; frame < first + CHUNK_FRAMES; frame++) {
      const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
      data.fill(100, 0, WIDTH * HEIGHT);
      const picture = { data, width: WIDTH, height: HEIGHT, colour: info.colour };
      // The last frame says nothing of its alpha: it is opaque.
      const alpha = frame === FRAMES - 1 ? {} : { alpha: alphaOf(frame) };
      await writer.write({ ...picture, ...alpha, ptsSeconds: frame / 25 });
    }
    chunks.push({ path, ...(await writer.finish()) });
  }
  const rest = { audioVolume: 100, audioQuality: 80, trim: false, endSeconds: FRAMES / 25, chunks };
  if (plan.finish !== 'images') {
    await joinChunks({ ...options, ...rest, outputPath });
    return outputPath;
  }
  const photos = join(folder, 'photos');
  await openSequenceFolder(photos);
  await joinChunks({ ...options, ...rest, outputPath: photos });
  await publishSequence(photos, outputPath);
  return outputPath;
}

/** Alpha of each frame of a file, by the decoder that is named. */
async function alphasIn(path: string, decoder: readonly string[] = []): Promise<Uint8Array[]> {
  const args = ['-v', 'error', ...decoder, '-i', path, '-fps_mode', 'passthrough'];
  const output = ['-vf', 'format=rgba,alphaextract', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
  const { stdout } = await promisify(execFile)('ffmpeg', [...args, ...output], { encoding: 'buffer' });
  const size = WIDTH * HEIGHT;
  return Array.from({ length: stdout.length / size }, (_, frame) => stdout.subarray(frame * size, (frame + 1) * size));
}

function expectAlphas(alphas: readonly Uint8Array[], tolerance: number): void {
  expect(alphas).toHaveLength(FRAMES);
  alphas.forEach((alpha, frame) => {
    const wanted = frame === FRAMES - 1 ? new Uint8Array(alpha.length).fill(255) : alphaOf(frame);
    const error = wanted.reduce((sum, value, at) => sum + Math.abs(value - alpha[at]!), 0) / wanted.length;
    expect(error, `frame ${frame}`).toBeLessThanOrEqual(tolerance);
  });
}

describe('frames with alpha', () => {
  it.each([
    ['out.webm', 'libx264'],
    ['out.mkv', 'libvpx-vp9'],
  ] as const)('are VP9 in %s, joined without another encoding', async (name, encoder) => {
    const output = await write(name, encoder);
    expect(await probeEntries(output, 'stream=codec_name:stream_tags=alpha_mode')).toMatchObject({ codec_name: 'vp9' });
    // ffmpeg's own decoder of VP9 ignores alpha.
    expectAlphas(await alphasIn(output, ['-c:v', 'libvpx-vp9']), 2);
  });

  it('are what they were in QuickTime without compression', async () => {
    expectAlphas(await alphasIn(await write('out.mov', 'rawvideo')), 0);
  });

  it.each(['png', 'tiff', 'webp', 'bmp'])('are photos in a sequence of %s', async (ending) => {
    await write(`frame-%02d.${ending}`, 'libx264');
    if (ending === 'bmp') return;
    const alphas = await Promise.all(
      Array.from({ length: FRAMES }, (_, frame) =>
        sharp(join(folder, `frame-0${frame + 1}.${ending}`))
          .ensureAlpha()
          .extractChannel(3)
          .raw()
          .toBuffer(),
      ),
    );
    expectAlphas(alphas, 0);
  });

  it('are half there in an animated WebP, and there or not in a GIF', async () => {
    const webp = await sharp(await write('out.webp', 'libx264'), { pages: -1 })
      .extractChannel(3)
      .raw()
      .toBuffer();
    const size = WIDTH * HEIGHT;
    expectAlphas(
      Array.from({ length: FRAMES }, (_, frame) => webp.subarray(frame * size, (frame + 1) * size)),
      0.5,
    );
    const gif = await alphasIn(await write('out.gif', 'libx264'));
    gif.slice(0, FRAMES - 1).forEach((alpha, frame) => {
      const wrong = alphaOf(frame).filter((value, at) => Math.abs(value - 128) > 8 && value > 128 !== alpha[at]! > 128);
      expect(wrong.length, `frame ${frame}`).toBe(0);
    });
  });

  it.each([
    ['out.mp4', 'libvpx-vp9'],
    ['out.mov', 'libx264'],
    ['out.avi', 'rawvideo'],
    ['out-%d.jpg', 'libx264'],
  ] as const)('are refused for %s, with what would do', async (name, encoder) => {
    await expect(planVideoOutput(join(folder, name), { encoder, info, alpha: true })).rejects.toMatchObject({
      code: 'OUTPUT_UNSUPPORTED',
      hint: expect.stringContaining('--background-remover-fill-color'),
    });
  });
});
