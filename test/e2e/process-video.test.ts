import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../src/core/errors.ts';
import { probeVideo } from '../../src/media/probe.ts';
import { planRun } from '../../src/runner/plan-run.ts';
import { processImage, processVideo, process as run } from '../../src/runner/process.ts';
import { countVideoFrames, createRunFolder, ffmpeg, mountSmallDisk, runningFfmpegs } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { tintProcessor } from '../helpers/tint-processor.ts';

const folder = createRunFolder();
const source = folder.at('source.png');
const clip = folder.at('clip.mp4');
const noFace = folder.at('no-face.mp4');
const lateFace = folder.at('late-face.mp4');
const FRAMES = 75;
const paths = (outputName: string) => ({ sourcePaths: [source], targetPath: clip, outputPath: folder.at(outputName) });
const disk = mountSmallDisk(folder, 64);

beforeAll(async () => {
  await sharp(samplePhotoPath(1)).resize(900).png().toFile(source);
  const cut = ['-ss', '4', '-i', sampleVideoPath('cap12_edit'), '-frames:v', String(FRAMES)];
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p', '-an'];
  ffmpeg(...cut, ...encode, '-movflags', '+faststart', clip);
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=25', '-frames:v', '30', ...encode, noFace);
  ffmpeg('-i', clip, '-vf', "drawbox=t=fill:c=gray:enable='lt(n,20)'", ...encode, lateFace);
});
afterAll(() => {
  disk?.unmount();
  folder.remove();
});

/** The AppError that a run ends with. */
const failureOf = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => {
      throw new Error('expected the run to fail');
    },
    (error: AppError) => error,
  );

describe('a video', () => {
  it('is swapped in every frame, keeping count and size, and says what was done', async () => {
    const progress: number[] = [];
    const result = await processVideo(paths('swap.mp4'), { onProgress: ({ done }) => progress.push(done) });
    expect(result).toMatchObject({ outcome: 'completed', kind: 'video', width: 400, height: 300 });
    expect(result.frames).toEqual({ total: FRAMES, changed: FRAMES, leftAlone: {} });
    expect(countVideoFrames(result.outputPath)).toBe(FRAMES);
    expect(result.models.map(({ id }) => id)).toEqual(expect.arrayContaining(['face_recognition']));
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(FRAMES);
    const { stages, totalSeconds, framesPerSecond } = result.timing;
    const sum = Object.values(stages).reduce((total, seconds) => total + seconds, 0);
    expect(Math.abs(sum - totalSeconds)).toBeLessThanOrEqual(0.02 * totalSeconds);
    expect(framesPerSecond).toBeGreaterThan(0);
    expect((await probeVideo(result.outputPath)).comment).toContain('FaceFusion');
    expect(folder.list().filter((name) => name.includes('partial'))).toEqual([]);
    expect(runningFfmpegs()).toEqual([]);
  });

  it('follows one face with one track, and hands frames over in order', async () => {
    const tint = tintProcessor();
    const call = { ...paths('tint.mp4'), faceSelectorMode: 'one' };
    const result = await run(call, {}, { registry: [tint.definition] });
    expect(result.frames.changed).toBe(FRAMES);
    expect(new Set(tint.calls.map(({ face }) => face.trackId)).size).toBe(1);
    expect(tint.calls.map(({ time }) => time.frameIndex)).toEqual(Array.from({ length: FRAMES }, (_, i) => i));
    expect(tint.calls.every(({ time }) => !time.isStill)).toBe(true);
    for (const [index, { time }] of tint.calls.entries()) expect(time.timeSeconds).toBeCloseTo(index / 25, 3);
    expect(tint.disposed).toBe(1);
  });

  it('is cut to the frames asked for', async () => {
    const tint = tintProcessor();
    const call = { ...paths('trim.mp4'), faceSelectorMode: 'many', trimFrameStart: 20, trimFrameEnd: 50 };
    const result = await run(call, {}, { registry: [tint.definition] });
    expect(result.frames.total).toBe(30);
    expect(tint.calls[0]!.time.frameIndex).toBe(20);
    expect(countVideoFrames(result.outputPath)).toBe(30);
  });

  it('counts the frames in which there was no face', async () => {
    const tint = tintProcessor();
    const call = { ...paths('late.mp4'), targetPath: lateFace, faceSelectorMode: 'many' };
    const result = await run(call, {}, { registry: [tint.definition] });
    expect(result.frames).toEqual({ total: FRAMES, changed: FRAMES - 20, leftAlone: { 'no-face': 20 } });
  });

  it('is completed with a note where every face was left alone', async () => {
    const tint = tintProcessor(() => ({ kind: 'left-alone', reason: 'small' }));
    const result = await run(paths('alone.mp4'), {}, { registry: [tint.definition] });
    expect(result.outcome).toBe('completed');
    expect(result.frames).toEqual({ total: FRAMES, changed: 0, leftAlone: { small: FRAMES } });
    expect(result.notes.map(({ code }) => code)).toContain('all-left-alone');
  });
});

describe('no face', () => {
  it('anywhere ends with TARGET_NO_FACE, and leaves nothing', async () => {
    const before = folder.list();
    const call = { ...paths('nothing.mp4'), targetPath: noFace, faceSelectorMode: 'many' } as const;
    const failure = await failureOf(processVideo(call));
    expect(failure).toMatchObject({ code: 'TARGET_NO_FACE', exitCode: 4 });
    expect(folder.list()).toEqual(before);
    expect(runningFfmpegs()).toEqual([]);
  });

  it('anywhere copies the target where that was asked for', async () => {
    const call = { ...paths('copy.mp4'), targetPath: noFace, faceSelectorMode: 'many', onNoFace: 'copy' } as const;
    const result = await processVideo(call);
    expect(result).toMatchObject({ outcome: 'copied', width: 320, height: 240 });
    expect(readFileSync(result.outputPath).equals(readFileSync(noFace))).toBe(true);
  });

  it('in the reference frame names the option to change', async () => {
    const call = { ...paths('nothing.mp4'), targetPath: lateFace };
    const failure = await failureOf(processVideo(call));
    expect(failure).toMatchObject({
      code: 'TARGET_NO_FACE',
      hint: expect.stringContaining('--reference-frame-number'),
    });
    const result = await run({ ...call, referenceFrameNumber: 40 }, {}, { registry: [tintProcessor().definition] });
    expect(result.frames.changed).toBe(FRAMES - 20);
  });

  it('of the gender asked for names the option to change', async () => {
    const tint = tintProcessor();
    const call = { ...paths('gender.mp4'), faceSelectorMode: 'many', trimFrameEnd: 30, force: true };
    const options = { registry: [tint.definition] };
    const failure = await failureOf(run({ ...call, faceSelectorGender: 'female' }, {}, options));
    expect(failure).toMatchObject({ code: 'TARGET_NO_FACE', hint: expect.stringContaining('--face-selector-gender') });
    expect(tint.calls).toEqual([]);
    const result = await run({ ...call, faceSelectorGender: 'male' }, {}, options);
    expect(result.frames).toMatchObject({ total: 30, changed: 30 });
  });
});

describe('a video that cannot be finished', () => {
  it('is cancelled at the next frame; before the first whole chunk nothing is kept', async () => {
    const before = folder.list();
    const controller = new AbortController();
    const tint = tintProcessor((call) => {
      if (call === 30) controller.abort(new Error('enough'));
      return undefined;
    });
    const door = { registry: [tint.definition] };
    const failure = await failureOf(run(paths('cancelled.mp4'), { signal: controller.signal }, door));
    expect(failure).toMatchObject({ code: 'CANCELLED', exitCode: 130 });
    expect(tint.calls).toHaveLength(30);
    expect(folder.list()).toEqual(before);
    expect(runningFfmpegs()).toEqual([]);
    expect(tint.disposed).toBe(1);
  });

  it('keeps what was made when the target ends early', async () => {
    copyFileSync(clip, folder.at('cut.mp4'));
    truncateSync(folder.at('cut.mp4'), Math.round(statSync(clip).size * 0.6));
    const tint = tintProcessor();
    const call = { ...paths('truncated.mp4'), targetPath: folder.at('cut.mp4') };
    const failure = await failureOf(run(call, {}, { registry: [tint.definition] }));
    expect(failure).toMatchObject({ code: 'VIDEO_TRUNCATED', exitCode: 3 });
    const kept = countVideoFrames(folder.at('truncated.mp4.partial'));
    expect(kept).toBe(tint.calls.length);
    expect(kept).toBeGreaterThan(20);
    expect(failure.details).toMatchObject({ framesMade: kept });
    expect(existsSync(folder.at('truncated.mp4'))).toBe(false);
  });

  it('leaves nothing when a processor fails on the first frame', async () => {
    const before = folder.list();
    const tint = tintProcessor(() => {
      throw new Error('a bug');
    });
    const failure = await failureOf(run(paths('bug.mp4'), {}, { registry: [tint.definition] }));
    expect(failure).toMatchObject({ code: 'INTERNAL', message: 'a bug' });
    expect(folder.list()).toEqual(before);
    expect(runningFfmpegs()).toEqual([]);
  });

  it.skipIf(!disk)('says that the disk is full, and leaves nothing on it', async () => {
    const call = { ...paths('x.mp4'), outputPath: join(disk!.path, 'out.mp4'), outputVideoQuality: 100 };
    const failure = await failureOf(run(call, {}, { registry: [tintProcessor().definition] }));
    expect(failure).toMatchObject({ code: 'OUTPUT_FAILED', hint: expect.stringMatching(/full|space/i) });
    expect(readdirSync(disk!.path)).toEqual([]);
    expect(runningFfmpegs()).toEqual([]);
  });
});

describe('what is wrong is found before any work', () => {
  it.each([
    ['a trim behind the end', { trimFrameStart: FRAMES }, 'OPTION_INVALID'],
    ['a reference frame behind the end', { referenceFrameNumber: FRAMES }, 'OPTION_INVALID'],
    ['an output of no video format', { outputPath: folder.at('out.png') }, 'OUTPUT_UNSUPPORTED'],
    ['the output on the target', { outputPath: clip, force: true }, 'PATH_CONFLICT'],
  ])('%s', async (_name, options, code) => {
    const before = folder.list();
    const call = { ...paths('out.mp4'), ...options };
    await expect(processVideo(call, { modelDirectory: folder.path })).rejects.toMatchObject({ code });
    expect(folder.list()).toEqual(before);
  });

  it('refuses the other kind and says which function takes it', async () => {
    await expect(processImage(paths('out.mp4'))).rejects.toMatchObject({
      code: 'INPUT_UNSUPPORTED',
      hint: expect.stringContaining('processVideo'),
    });
    await expect(processVideo({ ...paths('out.png'), targetPath: source })).rejects.toMatchObject({
      code: 'INPUT_UNSUPPORTED',
      hint: expect.stringContaining('processImage'),
    });
  });

  it('plans without touching anything', async () => {
    const before = folder.list();
    const plan = await planRun({ ...paths('plan.mp4'), trimFrameStart: 25 });
    expect(plan.target).toMatchObject({ format: 'mp4', width: 400, height: 300, frames: FRAMES - 25 });
    expect(plan.output).toMatchObject({ format: 'mp4', encoder: 'libx264' });
    expect(folder.list()).toEqual(before);
  });
});
