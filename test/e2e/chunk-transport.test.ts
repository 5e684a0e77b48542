/** A video whose chunks are made on several machines: folders here, with inputs under other names in each. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcessOptions } from '../../src/core/options.ts';
import { type LocalChunk, layOutChunks, packChunk, packedChunkSchema } from '../../src/media/chunk-transport.ts';
import { listAudit } from '../../src/runner/audit-log.ts';
import { createRunnerPool, type RunnerPool } from '../../src/runner/runner-pool.ts';
import { refusal } from '../helpers/make-media.ts';
import { countVideoFrames, createRunFolder, ffmpeg, type RunFolder } from '../helpers/run-folder.ts';
import { MEDIA } from './support/cli.ts';

const FRAMES = 40;
const CHUNKS = 4;
/** Measured over 90 frames in chunks of 30: 54 dB, 50 in the worst frame. Here warm-ups reach back to the start. */
const LEAST_PSNR = 40;

let folder: RunFolder;
let pool: RunnerPool;
let target: string;
let source: string;
beforeAll(async () => {
  folder = createRunFolder();
  pool = createRunnerPool({ size: 1 });
  [target, source] = [folder.at('clip.mp4'), folder.at('me.jpg')];
  await sharp(MEDIA.threeWomen).extract({ left: 1000, top: 120, width: 520, height: 640 }).toFile(source);
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1.6'];
  const encode = ['-vf', 'scale=320:-2', '-c:v', 'libx264', '-crf', '12', '-g', '100'];
  ffmpeg('-ss', '4', '-i', MEDIA.talkingMan, ...sound, '-t', '1.6', ...encode, target);
});
afterAll(async () => {
  await pool[Symbol.asyncDispose]();
  folder.remove();
});

/** The run on a machine that has its own names for everything. */
function onMachine(machine: string, more: Partial<ProcessOptions> = {}): ProcessOptions & { outputPath: string } {
  const place = folder.at(machine);
  mkdirSync(place, { recursive: true });
  const [own, photo] = [join(place, `target-${machine}.mp4`), join(place, `face-${machine}.jpg`)];
  copyFileSync(target, own);
  copyFileSync(source, photo);
  return {
    ...{ sourcePaths: [photo], targetPath: own, outputPath: join(place, 'out.mp4') },
    ...{ executionThreadCount: 1, videoChunkSize: 10, ...more },
  };
}

async function makeChunk(machine: string, chunk: number, more: Partial<ProcessOptions> = {}): Promise<LocalChunk> {
  const options = onMachine(machine, { ...more, chunk });
  const result = await pool.run({ name: 'process', options });
  expect(result).toMatchObject({ outcome: 'chunk' });
  expect(result.audit).toBeUndefined();
  const packed = await packChunk(options.outputPath, chunk);
  // What travels is JSON, and files by other names.
  const { files, ...rest } = packedChunkSchema.parse(JSON.parse(JSON.stringify(packed)));
  return {
    ...rest,
    files: files.map((file, at) => {
      const path = folder.at(`object-${machine}-${chunk}-${at}`);
      copyFileSync(packed.files[at]!.path, path);
      return { ...file, path };
    }),
  };
}

function psnr(a: string, b: string): number {
  const answer = execFileSync(
    'sh',
    ['-c', 'ffmpeg -nostdin -v info -i "$0" -i "$1" -lavfi "[0:v][1:v]psnr" -f null - 2>&1', a, b],
    { encoding: 'utf8' },
  );
  return Number(/average:(inf|[\d.]+)/.exec(answer)?.[1]?.replace('inf', 'Infinity'));
}

describe('a video that is made on two machines', () => {
  let chunks: LocalChunk[];
  let joinedEntry: number | undefined;
  let job: string | undefined;

  it('is planned in chunks, with what a machine needs', async () => {
    const plan = await pool.run({ name: 'chunks', options: onMachine('planner', { chunk: 2 }) });
    expect(plan).toMatchObject({ kind: 'video', chunks: CHUNKS, frames: FRAMES, splittable: true });
    expect(plan.requires).toMatchObject({ providers: [], models: [] });
    expect(plan.requires.memoryBytes).toBeGreaterThan(100e6);
  });

  it('is joined on a third, which makes a chunk that is missing', async () => {
    chunks = [];
    for (const [chunk, machine] of [
      [2, 'a'],
      [0, 'b'],
      [3, 'a'],
    ] as const)
      chunks.push(await makeChunk(machine, chunk));
    expect(new Set(chunks.map(({ key }) => key)).size).toBe(1);
    expect(chunks.map(({ endFrame }) => endFrame)).toEqual([undefined, undefined, FRAMES]);

    const options = onMachine('c');
    await layOutChunks(options.outputPath, chunks);
    const result = await pool.run({ name: 'process', options });
    joinedEntry = result.audit?.entry;
    job = result.audit?.job;
    expect(result).toMatchObject({ outcome: 'completed', frames: { total: FRAMES } });
    expect(result.notes.find(({ code }) => code === 'resumed')?.message).toContain('30 frames');
    expect(countVideoFrames(options.outputPath)).toBe(FRAMES);

    const streams = execFileSync(
      'ffprobe',
      ['-v', 'error', '-show_entries', 'stream=codec_type,duration', '-of', 'csv=p=0', options.outputPath],
      { encoding: 'utf8' },
    );
    expect(streams).toMatch(/audio,1\.6/);

    const verdict = await pool.run({ name: 'verify', path: options.outputPath });
    expect(verdict).toMatchObject({ mark: { job: result.audit?.job }, credentials: { state: 'trusted' } });
    expect(verdict.recorded[0]).toMatchObject({ isSame: true, entry: result.audit?.entry });

    const whole = onMachine('whole');
    const inOne = await pool.run({ name: 'process', options: whole });
    expect(inOne.frames).toEqual(result.frames);
    expect(inOne.audit?.job).toBe(result.audit?.job);
    expect(psnr(options.outputPath, whole.outputPath)).toBeGreaterThan(LEAST_PSNR);
    // So much does the work change.
    expect(psnr(options.outputPath, target)).toBeLessThan(LEAST_PSNR);
  });

  it('leaves an entry for each chunk, and counts what was found in them', async () => {
    const made = await listAudit({ kind: 'chunk.made', job });
    expect(made.map(({ line }) => line.facts.chunk)).toEqual([2, 0, 3]);
    expect(made[0]?.line.facts).toMatchObject({ frames: [20, 30], moderation: { youngFace: false } });
    const joined = (await listAudit({ kind: 'output.published' })).find(({ line }) => line.seq === joinedEntry);
    const looks = ({ line }: (typeof made)[number]) => (line.facts.moderation as { looks: number }).looks;
    const inChunks = made.reduce((sum, entry) => sum + looks(entry), 0);
    expect(inChunks).toBeGreaterThan(0);
    expect(looks(joined!)).toBeGreaterThan(inChunks);
  });

  it('is refused with chunks that were made otherwise, damaged or not there', async () => {
    const other = await makeChunk('d', 1, { faceSwapperWeight: 0.9 });
    const { outputPath } = onMachine('e');
    expect(await refusal(layOutChunks(outputPath, [...chunks, other]))).toMatchObject({
      code: 'RESUME_MISMATCH',
      message: expect.stringContaining('2 kinds'),
    });
    const [first] = chunks;
    appendFileSync(first!.files[0]!.path, 'x');
    expect(await refusal(layOutChunks(outputPath, chunks))).toMatchObject({ code: 'STORAGE_FAILED', retryable: true });
    const lost = { ...first!, files: first!.files.map((file) => ({ ...file, path: folder.at('nothing') })) };
    expect((await refusal(layOutChunks(outputPath, [lost]))).code).toBe('INPUT_NOT_FOUND');
    expect((await refusal(packChunk(outputPath, 0))).code).toBe('RESUME_MISMATCH');
    const named = { ...first!, files: [{ ...first!.files[0]!, name: 'chunk-000002.x/../../../escaped' }] };
    expect((await refusal(layOutChunks(outputPath, [named]))).code).toBe('STORAGE_FAILED');
    expect(packedChunkSchema.safeParse(named).success).toBe(false);
  });
});

describe('what cannot be shared', () => {
  it.each([
    ['a photo', { targetPath: MEDIA.fourWomen, outputPath: 'photo.png' }, 'photo'],
    ['a map', { map: ['person1=keep'] }, 'Who is who'],
    ['mode one', { faceSelectorMode: 'one' }, 'comes first'],
    ['a copy', { onNoFace: 'copy' }, 'copied'],
    ['an image sequence', { outputPath: 'frames/%03d.png' }, 'one folder'],
  ] as const)('is %s', async (_what, more, why) => {
    const options = onMachine('f', more as Partial<ProcessOptions>);
    mkdirSync(folder.at('f/frames'), { recursive: true });
    const outputPath = 'outputPath' in more ? folder.at(`f/${more.outputPath}`) : options.outputPath;
    const plan = await pool.run({ name: 'chunks', options: { ...options, outputPath } });
    expect(plan).toMatchObject({ chunks: 1, splittable: false, why: expect.stringContaining(why) });
  });
});

it('a run is judged by its source, its target and its result', async () => {
  const [{ sourcePaths, targetPath }, { outputPath }] = [onMachine('whole'), onMachine('c')];
  const report = await pool.run({
    name: 'evaluate',
    sourcePaths: [...sourcePaths!],
    targetPath: targetPath!,
    resultPath: outputPath,
  });
  expect(report).toMatchObject({ kind: 'video', frames: FRAMES });
  expect(report.measures.psnr?.verdict).toBeDefined();
});
