import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalJobs, type LocalJobs } from '../../src/jobs/local-jobs.ts';
import { openSqliteStore } from '../../src/jobs/store/sqlite-store.ts';
import type { Store } from '../../src/jobs/store/store.ts';
import { verifyFile } from '../../src/runner/verify-file.ts';
import { countVideoFrames, createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';

const folder = createRunFolder();
const clip = folder.at('clip.mp4');
const sources = [folder.at('one.png'), folder.at('two.png')];
let store: Store;
let jobs: LocalJobs;

beforeAll(async () => {
  const faces = [
    sharp(samplePhotoPath(1)).extract({ left: 1248, top: 32, width: 640, height: 600 }),
    sharp(samplePhotoPath(3)).extract({ left: 1000, top: 120, width: 520, height: 640 }),
  ];
  for (const [index, face] of faces.entries()) await face.png().toFile(sources[index]!);
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  ffmpeg('-ss', '4', '-t', '1.8', '-i', sampleVideoPath('cap12_edit'), ...encode, clip);
  store = openSqliteStore(folder.at('jobs.sqlite'));
  jobs = createLocalJobs({ store, folder: folder.at('work') });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  folder.remove();
});

const step = (source: string | undefined, trimFrameStart: number, trimFrameEnd: number, output: string) => ({
  ...{ sourcePaths: [source ?? ''], targetPath: clip, outputPath: folder.at(output) },
  ...{ trimFrameStart, trimFrameEnd, videoChunkSize: 10 },
});

describe('a job of the command line', () => {
  it('joins steps of one output into a video with mark, metadata, credentials and record', async () => {
    await jobs.createJob('two-faces');
    await jobs.addStep('two-faces', step(sources[0], 0, 12, 'joined.mp4'));
    await jobs.addStep('two-faces', step(sources[1], 30, 38, 'joined.mp4'));
    await jobs.submit('two-faces');
    const job = await jobs.run('two-faces');
    expect(job).toMatchObject({ state: 'completed', frames: { total: 20 }, outputs: [{ name: 'joined.mp4' }] });
    expect(countVideoFrames(folder.at('joined.mp4'))).toBe(20);
    const verdict = await verifyFile(folder.at('joined.mp4'));
    expect(verdict).toMatchObject({
      ...{ saysAltered: true, sha256: job.outputs[0]?.sha256, credentials: { state: 'trusted' } },
      recorded: [{ isSame: true, processors: ['face_swapper'] }, { isSame: false }],
    });
    expect(verdict.mark).toBeDefined();
    expect(folder.list().filter((name) => /joined|work|post/.test(name))).toEqual(['joined.mp4', 'work']);
  });

  it('is gone on with after its process was killed, from the last whole chunk', async () => {
    await jobs.createJob('killed');
    await jobs.addStep('killed', step(sources[0], 0, 10, 'first.mp4'));
    await jobs.addStep('killed', step(sources[0], 0, 30, 'second.mp4'));
    await jobs.submit('killed');
    const script = fileURLToPath(new URL('../helpers/local-job-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder.path, 'killed'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(child, 'exit');
    for await (const line of createInterface({ input: child.stdout })) {
      const { step: at, stage, done } = JSON.parse(line) as { step: number; stage: string; done: number };
      if (at === 1 && stage === 'process' && done > 12) break;
    }
    await expect(jobs.run('killed')).rejects.toMatchObject({ code: 'JOB_STATE' });
    child.kill('SIGKILL');
    await gone;
    const left = await jobs.get('killed');
    expect(left.state).toBe('running');
    expect(left.steps.map(({ state }) => state)).toEqual(['completed', 'started']);

    const steps = new Set<number>();
    const job = await jobs.run('killed', { onProgress: (_, at) => steps.add(at) });
    expect(job).toMatchObject({ state: 'completed', frames: { total: 40 } });
    expect([...steps]).toEqual([1]);
    expect(job.notes.map(({ code }) => code)).toContain('resumed');
    expect(countVideoFrames(folder.at('second.mp4'))).toBe(30);
  });
});
