import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ffmpeg } from '../../test/helpers/make-media.ts';
import { probeVideo } from './probe.ts';
import { readKeyFrame } from './read-key-frame.ts';

const folder = mkdtempSync(join(tmpdir(), 'facefusion-test-'));
const clip = join(folder, 'numbers.mp4');
const signal = new AbortController().signal;
beforeAll(() =>
  // Each frame is grey, and its grey is its number; every fiftieth is a key frame.
  ffmpeg(
    ...['-f', 'lavfi', '-i', 'color=black:s=96x64:r=25:d=8,format=yuv420p'],
    ...['-vf', "geq=lum='16+mod(N,200)':cb=128:cr=128", '-c:v', 'libx264', '-preset', 'veryfast', '-qp', '4'],
    ...['-g', '50', '-keyint_min', '50', '-sc_threshold', '0', clip],
  ),
);
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  [0, 0],
  [3.9, 50],
  [4.1, 100],
  [7.99, 150],
])('at %s s gives frame %s in the size that is asked for', async (seconds, number) => {
  const { data, width, height } = await readKeyFrame(
    clip,
    await probeVideo(clip),
    seconds,
    { width: 24, height: 16 },
    signal,
  );
  expect([width, height, data.length]).toEqual([24, 16, (24 * 16 * 3) / 2]);
  expect(Math.abs((data[8 * 24 + 12] ?? 0) - 16 - number)).toBeLessThanOrEqual(2);
});
