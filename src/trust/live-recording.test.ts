import { readdirSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { createRunFolder } from '../../test/helpers/run-folder.ts';
import { AppError } from '../core/errors.ts';
import type { I420Frame } from '../core/image.ts';
import { openOutputFile } from '../media/output-file.ts';
import { probeVideo } from '../media/probe.ts';
import { openVideoReader } from '../media/video-reader.ts';
import { LiveRecording, RECORDING_LIMITS } from './live-recording.ts';

const folder = createRunFolder();
afterAll(() => folder.remove());

function frameOf(width: number, height: number, grey: number): I420Frame {
  const data = new Uint8Array((width * height * 3) / 2).fill(128);
  return { data: data.fill(grey, 0, width * height), width, height, colour: { matrix: 'bt601', range: 'limited' } };
}

it('has the frames at their times, up to the first of another size', async () => {
  await using output = await openOutputFile(folder.at('whole.mp4'), { force: false, inputs: [] });
  const recording = new LiveRecording();
  let onBegun = (): void => {};
  const begun = new Promise<void>((resolve) => {
    onBegun = resolve;
  });
  const made = recording.make(folder.path, output, undefined, onBegun);
  for (const [at, seconds] of [100, 100.1, 100.5, 101].entries()) recording.take(frameOf(64, 48, 40 * at), seconds);
  await begun;
  recording.take(frameOf(96, 48, 0), 101.1);
  recording.take(frameOf(64, 48, 0), 101.2);
  await made;
  const info = await probeVideo(output.partialPath);
  expect(info.colour).toMatchObject({ matrix: 'bt601', range: 'limited', matrixGuessed: false });
  const times: number[] = [];
  for await (const frame of openVideoReader(output.partialPath, info)) {
    times.push(Number(frame.ptsSeconds.toFixed(3)));
    frame.release();
  }
  expect({ times, sound: info.audioStreams }).toEqual({ times: [0, 0.1, 0.5, 1], sound: [] });
});

it('ends by itself at the longest time', async () => {
  await using output = await openOutputFile(folder.at('long.mp4'), { force: false, inputs: [] });
  const recording = new LiveRecording();
  const made = recording.make(folder.path, output, undefined, () => {});
  for (const seconds of [0, RECORDING_LIMITS.seconds - 1, RECORDING_LIMITS.seconds]) {
    recording.take(frameOf(64, 48, 0), seconds);
  }
  await made;
  expect((await probeVideo(output.partialPath)).frameCountEstimate).toBe(2);
});

it('leaves nothing where it is abandoned', async () => {
  const before = readdirSync(folder.path);
  const output = await openOutputFile(folder.at('refused.mp4'), { force: false, inputs: [] });
  const recording = new LiveRecording();
  const made = recording.make(folder.path, output, undefined, () => {
    recording.abandon(new AppError('POLICY_FORBIDS', 'Somebody is listed.'));
  });
  recording.take(frameOf(64, 48, 0), 0);
  await expect(made).rejects.toMatchObject({ code: 'POLICY_FORBIDS' });
  await output[Symbol.asyncDispose]();
  expect(readdirSync(folder.path)).toEqual(before);
});
