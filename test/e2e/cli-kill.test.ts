import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countVideoFrames } from '../helpers/run-folder.ts';
import { type CliResult, ensureBuilt, runCli } from './support/cli.ts';
import { eventsOf, FRAMES, idsOf, type Moment, type WatchedRuns, watchRuns } from './support/watched-run.ts';

let runs: WatchedRuns;
beforeAll(() => {
  ensureBuilt();
  runs = watchRuns('kill');
});
afterAll(() => runs.dispose());

/** After whatever happened: nothing of the run is left but whole chunks, and the same command makes the whole video. */
async function expectNothingLost(output: string): Promise<void> {
  await runs.allGone();
  expect(existsSync(runs.at(output))).toBe(false);
  expect(runs.unfinishedFiles(output)).toEqual([]);
  await expectRerun(output);
}

async function expectRerun(output: string): Promise<void> {
  const again = await runs.run(output);
  expect(again.code, again.stderr).toBe(0);
  expect(countVideoFrames(runs.at(output))).toBe(FRAMES);
  expect(readdirSync(runs.at('.')).filter((name) => name.startsWith(output))).toEqual([output]);
}

function expectFailure(result: CliResult, exit: number, code: string): { message: string; hint: string } {
  expect(result.code, result.stderr).toBe(exit);
  const end = eventsOf(result).at(-1);
  expect(end).toMatchObject({ type: 'failed', ok: false, command: 'process', error: { code, retryable: true } });
  expect(result.stderr).toContain(`error[${code}]: ${end.error.message}`);
  return end.error;
}

describe.runIf(process.platform === 'linux')('SIGKILL', () => {
  it.each<[Moment]>([['models'], ['frames']])('of the runner: %s', async (moment) => {
    const output = `runner-${moment[0]}.mp4`;
    const result = await runs.runUntil(output, moment, (run) => process.kill(idsOf(run, 'runner')[0]!, 'SIGKILL'));
    const { message, hint } = expectFailure(result, 1, 'RUNNER_FAILED');
    expect(message).toContain('SIGKILL');
    expect(message).toContain('memory');
    expect(hint).toContain('after its last whole chunk');
    await expectNothingLost(output);
  });

  it('of the runner leaves no ffmpeg, not even one that is stopped', async () => {
    const stopped: number[] = [];
    const result = await runs.runUntil('stopped.mp4', 'second chunk', (run) => {
      stopped.push(...idsOf(run, 'decoder'), ...idsOf(run, 'encoder'));
      for (const id of stopped) process.kill(id, 'SIGSTOP');
      process.kill(idsOf(run, 'runner')[0]!, 'SIGKILL');
    });
    expect(stopped.length).toBeGreaterThanOrEqual(2);
    expectFailure(result, 1, 'RUNNER_FAILED');
    await expectNothingLost('stopped.mp4');
  });

  it('is told from a crash', async () => {
    const result = await runs.runUntil('crash.mp4', 'models', (run) =>
      process.kill(idsOf(run, 'runner')[0]!, 'SIGABRT'),
    );
    const { message } = expectFailure(result, 1, 'RUNNER_FAILED');
    expect(message).toContain('SIGABRT');
    expect(message).not.toContain('memory');
    await runs.allGone();
  });

  it.each(['decoder', 'encoder'] as const)('of the %s', async (kind) => {
    const output = `${kind}.mp4`;
    let killed = 0;
    const result = await runs.runUntil(output, 'second chunk', (run) => {
      for (const id of idsOf(run, kind)) process.kill(id, 'SIGKILL');
      killed = idsOf(run, kind).length;
    });
    expect(killed).toBeGreaterThan(0);
    const { hint } = expectFailure(result, 7, 'FFMPEG_FAILED');
    expect(hint).toContain('The same command goes on');
    await expectNothingLost(output);
  });

  it.each<[Moment]>([['models'], ['frames'], ['second chunk']])('of the command line: %s', async (moment) => {
    const output = `cli-${moment[0]}.mp4`;
    const result = await runs.runUntil(output, moment, ({ cli }) => cli.kill('SIGKILL'));
    expect(result.code).toBe(null);
    await expectNothingLost(output);
  });

  it('of the command line after the last frame leaves a whole output or none', async () => {
    const output = 'late.mp4';
    await runs.runUntil(output, 'last frame', ({ cli }) => cli.kill('SIGKILL'));
    await runs.allGone();
    expect(runs.unfinishedFiles(output)).toEqual([]);
    if (existsSync(runs.at(output))) expect(countVideoFrames(runs.at(output))).toBe(FRAMES);
    else await expectRerun(output);
  });

  it('of all at once: the next run takes over what is locked by nobody', async () => {
    const output = 'all.mp4';
    await runs.runUntil(output, 'second chunk', ({ processes }) => {
      for (const { id } of processes) process.kill(id, 'SIGSTOP');
      for (const { id } of processes) process.kill(id, 'SIGKILL');
    });
    await runs.allGone();
    expect(runs.unfinishedFiles(output)).toContain(`${output}.partial.lock`);
    await expectRerun(output);
  });
});

/** Environment in which a runner does this before its first line. */
const inRunner = (code: string): NodeJS.ProcessEnv => {
  const script = `if (process.argv[1]?.includes('runner-process')) { ${code} }`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
};

const stylize = (output: string, ...more: string[]): string[] => [
  ...['process', '--processors', 'stylizer', '-t', runs.at('target.mp4'), '-o', runs.at(output), '--json', ...more],
];

it('quotes what a runner that crashes wrote last, away from stdout', async () => {
  const crash =
    "process.once('message', () => { console.log('no' + 'ise'); throw new Error('the ceiling fell down'); })";
  const result = await runCli(stylize('x.mp4'), { env: inRunner(crash) });
  expect(result.code).toBe(1);
  const { error } = JSON.parse(result.stdout);
  expect(error).toMatchObject({ code: 'RUNNER_FAILED', details: { exitCode: 1, signal: null } });
  expect(error.message).toContain('Error: the ceiling fell down');
  expect(result.stderr).not.toContain('noise');
});

it('refuses messages that no runner would send', async () => {
  const result = await runCli(stylize('x.mp4'), { env: inRunner("process.send({ type: 'result', result: {} })") });
  expect(result.code).toBe(1);
  expect(JSON.parse(result.stdout).error).toMatchObject({ code: 'RUNNER_FAILED' });
});

it('starts no runner for --dry-run', async () => {
  const { code, stdout, stderr } = await runCli(stylize('x.mp4', '--dry-run'), { env: inRunner('process.exit(9)') });
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, dryRun: true });
});
