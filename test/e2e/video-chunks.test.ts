import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, statSync, truncateSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../src/core/errors.ts';
import type { ProcessOptions } from '../../src/core/options.ts';
import { processVideo } from '../../src/runner/process.ts';
import type { ProcessResult } from '../../src/runner/process-result.ts';
import { createRunFolder, ffmpeg, runningFfmpegs } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';

const folder = createRunFolder();
const source = folder.at('source.png');
const clip = folder.at('clip.mp4');
const FRAMES = 60;
const CHUNK = 15;
const call = (outputName: string) => ({
  sourcePaths: [source],
  targetPath: clip,
  outputPath: folder.at(outputName),
  videoChunkSize: CHUNK,
});
/** Where it does not matter what is done to the frames: the lightest work. */
const sketch = (outputName: string): ProcessOptions => ({
  ...{ processors: ['stylizer'], stylizerModel: 'sketch' },
  ...{ targetPath: clip, outputPath: folder.at(outputName), videoChunkSize: CHUNK },
});
let whole: ProcessResult;

beforeAll(async () => {
  await sharp(samplePhotoPath(1)).extract({ left: 1248, top: 32, width: 640, height: 600 }).png().toFile(source);
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p', '-g', '14'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2.4'];
  ffmpeg('-ss', '4', '-i', sampleVideoPath('cap12_edit'), ...sound, '-frames:v', String(FRAMES), ...encode, clip);
  whole = await processVideo(call('whole.mp4'));
});
afterAll(() => folder.remove());

const failureOf = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => {
      throw new Error('expected the run to fail');
    },
    (error: AppError) => error,
  );

/** Hash of the picture of each frame. */
const frameHashes = (path: string): string[] =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-an', '-f', 'framemd5', '-'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)!.trim());

const idsOf = ({ models }: ProcessResult): string[] => models.map(({ id }) => id).sort();

/** Seconds of each stream. */
const durations = (path: string): number[] =>
  execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=duration', '-of', 'csv=p=0', path], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .map(Number);

/** Runs until so many frames are done, then does something. */
async function interruptAt(
  frames: number,
  outputName: string,
  /** Asked again later where it answers false. */
  act: (controller: AbortController) => unknown,
  options: ProcessOptions = call(outputName),
): Promise<AppError> {
  const controller = new AbortController();
  let hasActed = false;
  const onProgress = ({ stage, done }: { stage: string; done: number }): void => {
    if (hasActed || stage !== 'process' || done < frames) return;
    hasActed = act(controller) !== false;
  };
  return failureOf(processVideo(options, { signal: controller.signal, onProgress }));
}

const chunkFiles = (outputName: string): string[] =>
  readdirSync(folder.at(`${outputName}.chunks`)).filter((name) => name.startsWith('chunk-'));

const leftovers = (outputName: string): string[] =>
  folder.list().filter((name) => name.startsWith(outputName) && name !== outputName);

describe('a video in chunks', () => {
  it('has every frame once, at its own time, and leaves no work files', () => {
    expect(whole.frames).toMatchObject({ total: FRAMES, changed: FRAMES });
    expect(frameHashes(whole.outputPath)).toHaveLength(FRAMES);
    const times = execFileSync(
      'ffprobe',
      ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', whole.outputPath],
      { encoding: 'utf8' },
    );
    const sorted = times
      .trim()
      .split('\n')
      .map(Number)
      .sort((a, b) => a - b);
    for (const [frame, time] of sorted.entries()) expect(time).toBeCloseTo(frame / 25, 3);
    expect(leftovers('whole.mp4')).toEqual([]);
  });

  it('begins each chunk with a key frame', () => {
    const flags = execFileSync(
      'ffprobe',
      [
        '-v',
        'error',
        '-select_streams',
        'v',
        '-show_entries',
        'packet=pts_time,flags',
        '-of',
        'csv=p=0',
        whole.outputPath,
      ],
      { encoding: 'utf8' },
    );
    const keys = flags
      .trim()
      .split('\n')
      .filter((line) => line.includes('K'));
    // Key frames of the target stand at 0, 14, 28, 42, 56: borders move there.
    expect(keys.map((line) => Math.round(Number.parseFloat(line) * 25))).toEqual(
      expect.arrayContaining([0, 14, 28, 42]),
    );
  });
});

describe('an interrupted run', () => {
  it('that was cancelled goes on after its last whole chunk and makes the same frames', async () => {
    const failure = await interruptAt(40, 'cancelled.mp4', (controller) => controller.abort());
    expect(failure).toMatchObject({
      code: 'CANCELLED',
      retryable: true,
      hint: expect.stringContaining('same command'),
    });
    const kept = failure.details?.framesKept as number;
    expect(kept).toBeGreaterThanOrEqual(28);
    expect(existsSync(folder.at('cancelled.mp4'))).toBe(false);
    expect(leftovers('cancelled.mp4')).toEqual(['cancelled.mp4.chunks']);
    expect(chunkFiles('cancelled.mp4').some((name) => name.endsWith('.part'))).toBe(false);
    expect(runningFfmpegs()).toEqual([]);

    const done: number[] = [];
    const result = await processVideo(call('cancelled.mp4'), { onProgress: (event) => done.push(event.done) });
    expect(done[0]).toBeGreaterThan(kept);
    expect(result.frames).toEqual(whole.frames);
    expect(result.notes).toContainEqual(expect.objectContaining({ code: 'resumed' }));
    expect(frameHashes(result.outputPath)).toEqual(frameHashes(whole.outputPath));
    expect(leftovers('cancelled.mp4')).toEqual([]);
  });

  it.each(['libx264', 'rawvideo'])('whose ffmpeg with %s was killed loses at most a chunk', async (mark) => {
    const name = `killed-${mark}.mp4`;
    const failure = await interruptAt(40, name, () => {
      // Between two chunks there may be none.
      const child = runningFfmpegs().find(({ command }) => command.includes(mark));
      return child !== undefined && process.kill(child.id, 'SIGKILL');
    });
    expect(failure.code).toBe('FFMPEG_FAILED');
    expect(failure.details?.framesKept).toBeGreaterThanOrEqual(28);
    expect(runningFfmpegs()).toEqual([]);
    const result = await processVideo({ ...call(name), resume: true });
    expect(frameHashes(result.outputPath)).toEqual(frameHashes(whole.outputPath));
  });

  it('with other options begins anew, and says so', async () => {
    await interruptAt(40, 'other.mp4', (controller) => controller.abort(), sketch('other.mp4'));
    const other = { ...sketch('other.mp4'), outputVideoQuality: 50 };
    const refusal = await failureOf(processVideo({ ...other, resume: true }));
    expect(refusal).toMatchObject({ code: 'RESUME_MISMATCH', exitCode: 2 });
    expect(chunkFiles('other.mp4').length).toBeGreaterThan(0);
    const result = await processVideo(other);
    expect(result.notes).toContainEqual(expect.objectContaining({ code: 'began-anew' }));
    expect(result.notes).not.toContainEqual(expect.objectContaining({ code: 'resumed' }));
  });

  it('is not invented by --resume', async () => {
    const failure = await failureOf(processVideo({ ...sketch('nothing.mp4'), resume: true }));
    expect(failure).toMatchObject({ code: 'RESUME_MISMATCH', exitCode: 2 });
    expect(leftovers('nothing.mp4')).toEqual([]);
  });
});

describe('one chunk alone', () => {
  it('is made, kept, and joined by a later run', async () => {
    const alone = await processVideo({ ...call('parts.mp4'), chunk: 2 });
    expect(alone).toMatchObject({ outcome: 'chunk', frames: { total: 14, changed: 14 } });
    expect(leftovers('parts.mp4')).toEqual(['parts.mp4.chunks']);
    expect(chunkFiles('parts.mp4')).toEqual(['chunk-000002.mp4', 'chunk-000002.state']);
    const result = await processVideo(call('parts.mp4'));
    expect(result.frames).toEqual(whole.frames);
    const [joined, expected] = [frameHashes(result.outputPath), frameHashes(whole.outputPath)];
    expect(joined).toHaveLength(FRAMES);
    // Chunks before it do not know of it.
    expect(joined.slice(0, 28)).toEqual(expected.slice(0, 28));
  });

  it('behind the last one is refused with their number', async () => {
    const failure = await failureOf(processVideo({ ...sketch('behind.mp4'), chunk: 40 }));
    expect(failure).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining('at most 3') });
  });
});

describe('more threads', () => {
  it('make the same frames, also after an interruption', async () => {
    const name = 'threads.mp4';
    const threads = { ...call(name), executionThreadCount: 3 };
    const failure = await interruptAt(40, name, (controller) => controller.abort(), threads);
    expect(failure.details?.framesKept).toBeGreaterThanOrEqual(28);
    const result = await processVideo({ ...threads, resume: true });
    expect(result.frames).toEqual(whole.frames);
    expect(idsOf(result)).toEqual(idsOf(whole));
    expect(frameHashes(result.outputPath)).toEqual(frameHashes(whole.outputPath));
  });
});

describe('another frame rate', () => {
  it.each([12.5, 50])('of %d keeps the length and the sound', async (fps) => {
    const result = await processVideo({ ...sketch(`rate-${fps}.mp4`), outputVideoFps: fps });
    expect(frameHashes(result.outputPath)).toHaveLength((FRAMES / 25) * fps);
    const [video, sound] = durations(result.outputPath);
    expect(video).toBeCloseTo(FRAMES / 25, 2);
    expect(sound).toBeCloseTo(durations(clip)[1]!, 2);
  });
});

describe('a target that ends early', () => {
  it('is worked through to its last frame, kept with its sound, and reported', async () => {
    const cut = folder.at('cut.mp4');
    ffmpeg('-i', clip, '-c', 'copy', '-movflags', '+faststart', cut);
    truncateSync(cut, Math.round(statSync(cut).size * 0.7));
    const failure = await failureOf(processVideo({ ...sketch('early.mp4'), targetPath: cut }));
    expect(failure).toMatchObject({ code: 'VIDEO_TRUNCATED', exitCode: 3 });
    const partial = failure.details?.partialPath as string;
    copyFileSync(partial, folder.at('early-partial.mp4'));
    expect(frameHashes(partial)).toHaveLength(failure.details?.framesMade as number);
    expect(failure.details?.framesMade).toBeGreaterThan(20);
    expect(leftovers('early.mp4')).toEqual(['early.mp4.partial']);
  });
});
