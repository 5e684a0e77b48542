import { execFileSync } from 'node:child_process';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessOptions } from '../../src/core/options.ts';
import { processVideo } from '../../src/runner/process.ts';
import { createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';

const folder = createRunFolder();
const [source, clip] = [folder.at('source.png'), folder.at('clip.mkv')];
const FRAMES = 45;
/** From within the first chunk to within the third. */
const RANGES = [
  { start: 10, end: 20, off: true },
  { start: 20, end: 35, options: { faceMaskBlur: 0.9, faceSwapperWeight: 0.2 } },
];

beforeAll(async () => {
  await sharp(samplePhotoPath(1)).resize(900).png().toFile(source);
  const encode = ['-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p'];
  ffmpeg('-ss', '4', '-i', sampleVideoPath('cap12_edit'), '-frames:v', String(FRAMES), ...encode, clip);
});
afterAll(() => folder.remove());

const call = (outputName: string, more: Partial<ProcessOptions> = {}): ProcessOptions => ({
  ...{ sourcePaths: [source], targetPath: clip, outputPath: folder.at(outputName), videoChunkSize: 15 },
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
    expect(ranged.frames).toMatchObject({ total: FRAMES, changed: FRAMES - 10 });

    const [a, b] = [frameHashes(plain.outputPath), frameHashes(ranged.outputPath)];
    expect(b).toHaveLength(FRAMES);
    for (let frame = 10; frame < 35; frame++) expect(b[frame], `frame ${frame}`).not.toBe(a[frame]);

    const stop = new AbortController();
    const options = call('stopped.mp4', { ranges: RANGES });
    const stopped = processVideo(options, {
      signal: stop.signal,
      onProgress: ({ stage, done }) => {
        // Half way through the second range, behind the first chunk.
        if (stage === 'process' && done >= 33) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED', details: { framesKept: 30 } });
    const resumed = await processVideo({ ...options, resume: true });
    expect(resumed.frames).toEqual(ranged.frames);
    expect(frameHashes(resumed.outputPath)).toEqual(b);
  }, 120_000);

  it('are of a video', async () => {
    const photo = processVideo({ ...call('x.png'), targetPath: source, ranges: RANGES });
    await expect(photo).rejects.toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('photo') });
  });
});
