import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CliResult, ensureBuilt, MEDIA, makeFolder, runCli } from './support/cli.ts';

const folder = makeFolder('signals');
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  ensureBuilt();
  await sharp(MEDIA.threeWomen)
    .extract({ left: 1000, top: 120, width: 520, height: 640 })
    .png()
    .toFile(at('source.png'));
  copyFileSync(MEDIA.talkingMan, at('target.mp4'));
});
afterAll(() => folder.dispose());

/** Command lines of living processes that work on a file of this test. */
function processesOnOurFiles(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        // It ended while we looked.
        return [];
      }
    })
    .filter((line) => line.includes(folder.path));
}

/** Runs the whole 53 s video and calls `act` once frames are being made. */
function runUntilFrames(output: string, act: (child: ChildProcess) => void): Promise<CliResult> {
  let hasActed = false;
  return runCli(['process', '-s', at('source.png'), '-t', at('target.mp4'), '-o', at(output), '--json=lines'], {
    onStdout(text, child) {
      if (hasActed || !/"stage":"process","done":(?:[5-9]|\d\d)/.test(text)) return;
      hasActed = true;
      act(child);
    },
  });
}

const events = ({ stdout }: CliResult) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const noChildren = () => vi.waitFor(() => expect(processesOnOurFiles()).toEqual([]), { timeout: 10_000 });

describe.skipIf(process.platform !== 'linux')('a running video', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at the next frame on %s, keeps what is made and says how to go on', async (signal, exit) => {
    const output = `${signal}.mp4`;
    const result = await runUntilFrames(output, (child) => child.kill(signal));
    expect(result.code, result.stderr).toBe(exit);
    expect(result.stderr).toContain('Stopping at the next frame.');
    expect(result.stderr).toMatch(/^error\[CANCELLED\]: .*frames are kept in .*\.partial/m);
    const { error, type } = events(result).at(-1);
    expect(type).toBe('failed');
    expect(result.stderr).toContain(`--trim-frame-start ${error.details.framesMade}`);
    expect(existsSync(at(output))).toBe(false);

    const partial = error.details.partialPath as string;
    const count = ['-v', 'error', '-count_frames', '-select_streams', 'v', '-show_entries', 'stream=nb_read_frames'];
    const frames = execFileSync('ffprobe', [...count, '-of', 'csv=p=0', partial], { encoding: 'utf8' });
    expect(Number.parseInt(frames, 10)).toBe(error.details.framesMade);
    await noChildren();
  });

  it('ends at once on the second SIGINT, and ffmpeg with it', async () => {
    const running: string[] = [];
    const result = await runUntilFrames('twice.mp4', (child) => {
      running.push(...processesOnOurFiles().filter((line) => line.includes('ffmpeg')));
      child.kill('SIGINT');
      // Two pending signals of one kind are one: the second must come after the first was seen.
      child.stderr?.once('data', () => child.kill('SIGINT'));
    });
    expect(running.length).toBeGreaterThan(0);
    expect(result.code).toBe(130);
    expect(existsSync(at('twice.mp4'))).toBe(false);
    await noChildren();
  });
});
