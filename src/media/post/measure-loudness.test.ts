import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loudnessFilter, measureLoudness } from './measure-loudness.ts';

const folder = mkdtempSync(join(tmpdir(), 'facefusion-loudness-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ffmpeg = (...words: readonly string[]): unknown => execFileSync('ffmpeg', ['-v', 'error', '-y', ...words]);

it.each([
  { seconds: 1, channels: 1 },
  { seconds: 2.9, channels: 2 },
  { seconds: 4, channels: 6 },
])('brings $seconds s of $channels channels to a loudness', async ({ seconds, channels }) => {
  const goal = { integratedLufs: -16, truePeakDb: -1.5 };
  const [before, after] = [join(folder, 'before.wav'), join(folder, 'after.wav')];
  const tone = `sine=frequency=400:duration=${seconds}:sample_rate=44100,volume=-6dB`;
  ffmpeg('-f', 'lavfi', '-i', tone, '-ac', String(channels), before);
  const measured = await measureLoudness(before, 0, goal, undefined);
  if (!measured) throw new Error('The tone was taken for silence.');
  expect(Math.abs(measured.integratedLufs - goal.integratedLufs)).toBeGreaterThan(2);
  ffmpeg('-i', before, '-af', loudnessFilter(goal, measured, 44_100), after);
  const reached = await measureLoudness(after, 0, goal, undefined);
  expect(reached?.integratedLufs).toBeCloseTo(goal.integratedLufs, 0);
  const facts = execFileSync('ffprobe', [
    ...['-v', 'error', '-show_entries', 'stream=sample_rate,channels', '-of', 'csv=p=0', after],
  ]);
  expect(facts.toString().trim()).toBe(`44100,${channels}`);
});

it('hears silence as none', async () => {
  const path = join(folder, 'silence.wav');
  ffmpeg('-f', 'lavfi', '-i', 'anullsrc=r=44100:cl=mono', '-t', '1', path);
  expect(await measureLoudness(path, 0, { integratedLufs: -16, truePeakDb: -1.5 }, undefined)).toBeUndefined();
});
