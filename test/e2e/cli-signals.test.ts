import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureBuilt } from './support/cli.ts';
import { CHUNK, eventsOf, FRAMES, idsOf, type WatchedRuns, watchRuns } from './support/watched-run.ts';

let runs: WatchedRuns;
beforeAll(() => {
  ensureBuilt();
  runs = watchRuns('signals');
});
afterAll(() => runs.dispose());

const isOnLinux = process.platform === 'linux';

describe.runIf(isOnLinux)('a running video', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at the next frame on %s and goes on with the same command', async (signal, exit) => {
    const output = `${signal}.mp4`;
    // As a terminal does: to every process of the group.
    const stopped = await runs.runUntil(output, 'second chunk', ({ cli }) => process.kill(-cli.pid!, signal));
    expect(stopped.code, stopped.stderr).toBe(exit);
    expect(stopped.stderr).toContain('Stopping at the next frame.');
    expect(stopped.stderr).toMatch(/^error\[CANCELLED\]: /m);
    const { type, error } = eventsOf(stopped).at(-1);
    expect({ type, code: error.code }).toEqual({ type: 'failed', code: 'CANCELLED' });
    expect(error.hint).toContain('The same command goes on');
    const { framesKept } = error.details;
    expect(framesKept % CHUNK).toBe(0);
    expect(framesKept).toBeGreaterThan(0);
    await runs.allGone();
    expect(existsSync(runs.at(output))).toBe(false);
    expect(runs.unfinishedFiles(output)).toEqual([]);

    const whole = await runs.run(output);
    expect(whole.code, whole.stderr).toBe(0);
    const end = eventsOf(whole).at(-1);
    expect(end.frames.total).toBe(FRAMES);
    expect(end.notes).toContainEqual(
      expect.objectContaining({ code: 'resumed', message: expect.stringContaining(`${framesKept} frames`) }),
    );
    expect(existsSync(runs.at(`${output}.chunks`))).toBe(false);
  });

  it('stops while models are loaded, and leaves nothing', async () => {
    const before = readdirSync(runs.at('.'));
    const result = await runs.runUntil('models.mp4', 'models', ({ cli }) => cli.kill('SIGINT'));
    expect(result.code, result.stderr).toBe(130);
    expect(eventsOf(result).at(-1).error.code).toBe('CANCELLED');
    await runs.allGone();
    expect(readdirSync(runs.at('.'))).toEqual(before);
  });

  it('ends at once on the second SIGINT, with runner and ffmpeg, and says so in JSON', async () => {
    let ffmpegs = 0;
    const result = await runs.runUntil('twice.mp4', 'frames', (run) => {
      ffmpegs = idsOf(run, 'decoder').length + idsOf(run, 'encoder').length;
      // A runner that cannot stop in order: only being killed ends it.
      for (const id of idsOf(run, 'runner')) process.kill(id, 'SIGSTOP');
      // Two pending signals of one kind are one: the second must come after the first was seen.
      run.cli.stderr?.on('data', (text: string) => {
        if (text.includes('Stopping')) run.cli.kill('SIGINT');
      });
      run.cli.kill('SIGINT');
    });
    expect(ffmpegs).toBeGreaterThan(0);
    expect(result.code, result.stderr).toBe(130);
    expect(eventsOf(result).at(-1)).toMatchObject({ type: 'failed', ok: false, error: { code: 'CANCELLED' } });
    await runs.allGone();
    expect(existsSync(runs.at('twice.mp4'))).toBe(false);
    expect(runs.unfinishedFiles('twice.mp4')).toEqual([]);
  });

  it('ends a runner that does not stop, with its ffmpegs', async () => {
    const result = await runs.runUntil('stuck.mp4', 'frames', (run) => {
      for (const { id, kind } of run.processes) if (kind !== 'cli') process.kill(id, 'SIGSTOP');
      run.cli.kill('SIGINT');
    });
    expect(result.code, result.stderr).toBe(130);
    expect(eventsOf(result).at(-1).error.code).toBe('CANCELLED');
    await runs.allGone();
    expect(existsSync(runs.at('stuck.mp4'))).toBe(false);
    expect(runs.unfinishedFiles('stuck.mp4')).toEqual([]);
  });

  it('is stopped by Ctrl-Z with all its processes, and goes on with them', async () => {
    let states: string[] = [];
    const result = await runs.runUntil('paused.mp4', 'frames', ({ cli }) => {
      cli.kill('SIGTSTP');
      void vi
        .waitFor(
          () => {
            states = runs.processes().map(({ state }) => state);
            expect(new Set(states)).toEqual(new Set(['T']));
          },
          { timeout: 20_000 },
        )
        .finally(() => cli.kill('SIGCONT'));
    });
    expect(states).toEqual(states.map(() => 'T'));
    expect(states.length).toBeGreaterThan(2);
    expect(result.code, result.stderr).toBe(0);
    expect(eventsOf(result).at(-1).frames.total).toBe(FRAMES);
  });
});
