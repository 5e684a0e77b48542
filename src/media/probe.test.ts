import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ffmpeg } from '../../test/helpers/make-media.ts';
import { createRunFolder, type RunFolder } from '../../test/helpers/run-folder.ts';
import { probeVideo } from './probe.ts';

let folder: RunFolder;
beforeAll(async () => {
  folder = createRunFolder();
  for (const [name, frames] of [
    ['short.mp4', '5'],
    ['long.mp4', '9'],
  ] as const) {
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=64x48:rate=25', '-frames:v', frames, folder.at(name));
  }
  // Else the first test would count the look for ffmpeg, too.
  await probeVideo(folder.at('long.mp4'));
});
afterAll(() => folder.remove());

let begun = 0;
const count = (): void => {
  begun++;
};
beforeEach(() => {
  begun = 0;
  subscribe('child_process', count);
});
afterEach(() => void unsubscribe('child_process', count));

it('a file that did not change is not looked at again; one that did is', async () => {
  await copyFile(folder.at('short.mp4'), folder.at('clip.mp4'));
  const first = await probeVideo(folder.at('clip.mp4'));
  expect([first.frameCountEstimate, begun]).toEqual([5, 1]);
  expect([await probeVideo(folder.at('clip.mp4')), begun]).toEqual([first, 1]);
  // What the reader will do is decided anew each time.
  await expect(probeVideo(folder.at('clip.mp4'), { maxPixels: 10 })).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });

  await copyFile(folder.at('long.mp4'), folder.at('clip.mp4'));
  expect([(await probeVideo(folder.at('clip.mp4'))).frameCountEstimate, begun]).toEqual([9, 2]);
});

it('a file that was refused is looked at again', async () => {
  const path = folder.at('broken.mp4');
  await writeFile(path, (await readFile(folder.at('short.mp4'))).subarray(0, 400));
  await expect(probeVideo(path)).rejects.toMatchObject({ code: expect.stringMatching(/^INPUT_/) });
  const before = begun;
  await expect(probeVideo(path)).rejects.toMatchObject({ code: expect.stringMatching(/^INPUT_/) });
  expect(begun).toBeGreaterThan(before);
});
