/** FaceFusion's commands about jobs, as a user types them. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, ensureBuilt, MEDIA, makeFolder, runCli } from './support/cli.ts';

const folder = makeFolder('cli-jobs');
const at = (name: string): string => join(folder.path, name);
const cli = (...words: string[]): Promise<CliResult> =>
  runCli(words, { cwd: folder.path, env: { FACEFUSION_DATA_FOLDER: at('data') } });

beforeAll(async () => {
  ensureBuilt();
  await sharp(MEDIA.threeWomen).extract({ left: 1000, top: 120, width: 520, height: 640 }).jpeg().toFile(at('me.jpg'));
  await sharp(MEDIA.fourWomen).extract({ left: 1330, top: 60, width: 560, height: 640 }).jpeg().toFile(at('you.jpg'));
  writeFileSync(at('broken.jpg'), 'no picture');
});
afterAll(() => folder.dispose());

describe('jobs', () => {
  it('are made step by step, submitted, run and listed; nothing is run before', async () => {
    expect((await cli('job-create', 'two-steps')).code).toBe(0);
    // Relative paths, an option of a processor, and a step on the output of another.
    const add = ['job-add-step', 'two-steps', '-s', 'me.jpg', '-t', 'you.jpg', '-o', 'first.jpg'];
    expect((await cli(...add, '--face-swapper-weight', '0.5')).code).toBe(0);
    const remix = await cli('job-remix-step', 'two-steps', '0', '-o', 'second.png', '--processors', 'face_enhancer');
    expect(remix.code, remix.stderr).toBe(0);
    expect((await cli(...add.slice(0, -1), 'third.jpg')).code).toBe(0);
    expect((await cli('job-remove-step', 'two-steps', '2')).code).toBe(0);

    const early = await cli('job-run', 'two-steps');
    expect(early.code).toBe(2);
    expect(early.stderr).toContain('error[JOB_STATE]');
    expect(early.stderr).toContain('facefusion job-submit two-steps');
    expect((await cli('job-submit', 'two-steps')).code).toBe(0);
    expect(existsSync(at('first.jpg'))).toBe(false);

    const run = await cli('job-run', 'two-steps');
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout.trim().split('\n')).toEqual([at('first.jpg'), at('second.png')]);
    expect(existsSync(at('second.png'))).toBe(true);

    const { jobs } = JSON.parse((await cli('job-list', 'completed', '--json')).stdout);
    expect(jobs).toMatchObject([{ id: 'two-steps', state: 'completed', steps: [{}, {}] }]);
    expect((await cli('job-delete', 'two-steps')).code).toBe(0);
    expect(existsSync(at('first.jpg'))).toBe(true);
    expect((await cli('job-show', 'two-steps')).stderr).toContain('error[JOB_NOT_FOUND]');
  });

  it('of a wrong id, a wrong option and a wrong state say what is wrong', async () => {
    const bad = await cli('job-create', 'a b/../c');
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('error[OPTION_INVALID]')]);
    await cli('job-create', 'drafted');
    const option = await cli('job-add-step', 'drafted', '-t', 'you.jpg', '-o', 'x.jpg', '--face-swapper-weight', '7');
    expect([option.code, option.stderr]).toEqual([2, expect.stringContaining('0..1 for --face-swapper-weight')]);
    const empty = await cli('job-submit', 'drafted');
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining('has no steps')]);
    expect((await cli('job-list', 'sleeping')).code).toBe(2);
  });
});

describe('batch-run', () => {
  it('makes every pair; one that fails does not keep the others from being made', async () => {
    const result = await cli(
      ...['batch-run', '--source-pattern', 'me.jpg', '--target-pattern', '{you,broken}.jpg'],
      ...['--output-pattern', '{index}-{target_name}-with-{source_name}.png', '--json'],
    );
    expect(result.code, result.stderr).toBe(9);
    const { done, failed } = JSON.parse(result.stdout);
    expect(done).toHaveLength(1);
    expect(existsSync(at('1-you-with-me.png'))).toBe(true);
    expect(failed).toMatchObject([{ error: { code: 'INPUT_UNSUPPORTED' } }]);
  });

  it('wants its patterns', async () => {
    const result = await cli('batch-run', '--target-pattern', '*.jpg');
    expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('Expected --output-pattern')]);
  });
});
