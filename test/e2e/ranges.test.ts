import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessOptions } from '../../src/core/options.ts';
import { processVideo } from '../../src/runner/process.ts';
import { createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';

const folder = createRunFolder();
const [source, clip] = [folder.at('source.png'), folder.at('clip.mkv')];
const FRAMES = 36;
/** From within the first chunk to within the third. */
const RANGES = [
  { start: 8, end: 16, off: true },
  { start: 16, end: 28, options: { faceMaskBlur: 0.9, faceSwapperWeight: 0.2 } },
];

beforeAll(async () => {
  await sharp(samplePhotoPath(1)).extract({ left: 1248, top: 32, width: 640, height: 600 }).png().toFile(source);
  const encode = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p'];
  ffmpeg('-ss', '4', '-i', sampleVideoPath('cap12_edit'), '-frames:v', String(FRAMES), ...encode, clip);
});
afterAll(() => folder.remove());

const call = (outputName: string, more: Partial<ProcessOptions> = {}): ProcessOptions => ({
  ...{ sourcePaths: [source], targetPath: clip, outputPath: folder.at(outputName), videoChunkSize: 12 },
  ...{ outputVideoEncoder: 'libx264', outputVideoQuality: 100, ...more },
});

const frameHashes = (path: string): string[] =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-an', '-f', 'framemd5', '-'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)!.trim());

describe('ranges of a video', () => {
  it('have settings of their own, also across chunks and where a run is gone on with', async () => {
    const plain = await processVideo(call('plain.mp4'));
    expect(plain.frames).toMatchObject({ total: FRAMES, changed: FRAMES });
    const ranged = await processVideo(call('ranged.mp4', { ranges: RANGES }));
    expect(ranged.frames).toMatchObject({ total: FRAMES, changed: FRAMES - 8 });

    const [a, b] = [frameHashes(plain.outputPath), frameHashes(ranged.outputPath)];
    expect(b).toHaveLength(FRAMES);
    for (let frame = 8; frame < 28; frame++) expect(b[frame], `frame ${frame}`).not.toBe(a[frame]);

    const stop = new AbortController();
    const options = call('stopped.mp4', { ranges: RANGES });
    const stopped = processVideo(options, {
      signal: stop.signal,
      onProgress: ({ stage, done }) => {
        // Half way through the second range, behind the first chunk.
        if (stage === 'process' && done >= 27) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED', details: { framesKept: 24 } });
    const resumed = await processVideo({ ...options, resume: true });
    expect(resumed.frames).toEqual(ranged.frames);
    expect(frameHashes(resumed.outputPath)).toEqual(b);
  }, 240_000);

  it('are right in a chunk that is made alone', async () => {
    const chunk = await processVideo(call('alone.mp4', { ranges: RANGES, chunk: 1 }));
    expect(chunk).toMatchObject({ outcome: 'chunk', frames: { total: 12, changed: 8 } });
  }, 120_000);

  it('give persons other faces, or leave them as they are', async () => {
    const other = folder.at('other.png');
    await sharp(samplePhotoPath(3)).extract({ left: 1000, top: 120, width: 520, height: 640 }).png().toFile(other);
    const mapped = { sourcePaths: [], trimFrameEnd: 18, map: [`person1=${source}`] };
    const ranges = [
      { start: 4, end: 8, map: ['person1=keep'] },
      { start: 8, end: 14, map: [`person1=${other}`] },
    ];
    const ranged = await processVideo(call('remapped.mp4', { ...mapped, ranges }));
    expect(ranged.frames).toMatchObject({ total: 18, changed: 14 });
    expect(ranged.sources.map(({ path }) => path)).toEqual([source, other]);

    const wrong = processVideo(call('wrong.mp4', { ...mapped, ranges: [{ start: 0, end: 5, map: ['person9=keep'] }] }));
    await expect(wrong).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  }, 240_000);

  it('are of a video', async () => {
    const photo = processVideo({ ...call('x.png'), targetPath: source, ranges: RANGES });
    await expect(photo).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('photo') });
  });
});
