import { beforeAll, describe, expect, it } from 'vitest';
import { readSampleFrames, readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { I420Frame, RgbImage } from '../../core/image.ts';
import { createSceneCutDetector } from './scene-cut.ts';

/** A window of an image, as a camera that pans would see it. */
function windowOf(image: RgbImage, x0: number, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = (y * image.width + x0) * 3;
    data.set(image.data.subarray(row, row + width * 3), y * width * 3);
  }
  return { data, width, height };
}

describe('createSceneCutDetector', () => {
  let photos: RgbImage[];
  beforeAll(async () => {
    photos = await Promise.all([1, 2, 3].map((number) => readSamplePhoto(number)));
  });

  it('sees every change from one photo to another and nothing in between', () => {
    const cuts = createSceneCutDetector();
    const seen = [0, 0, 0, 1, 1, 2, 2, 2, 0, 0].map((i) => cuts.step(windowOf(photos[i]!, 0, 960, 540)));
    expect(seen).toEqual([false, false, false, true, false, true, false, false, true, false]);
  });

  it('takes a pan for motion', () => {
    const cuts = createSceneCutDetector();
    for (let frame = 0; frame < 30; frame++) {
      expect(cuts.step(windowOf(photos[0]!, frame * 24, 960, 540)), `frame ${frame}`).toBe(false);
    }
  });

  it('sees no cut in a man who talks', () => {
    const cuts = createSceneCutDetector();
    for (const frame of readSampleFrames('cap12_edit', 5, 75)) expect(cuts.step(frame)).toBe(false);
  });

  it('takes a flash, a light that goes out, and a fade for what they are', () => {
    const [frame] = readSampleFrames('cap12_edit', 5, 1);
    const lit = (gain: number, offset: number): I420Frame => {
      const data = frame!.data.map((value) => Math.min(235, value * gain + offset));
      return { ...frame!, data };
    };
    const cuts = createSceneCutDetector();
    const lights = [
      [1, 0],
      [1.4, 40],
      [1, 0],
      [0.5, 8],
      [1, 0],
      [1, 60],
      [0.7, 0],
    ] as const;
    for (const [gain, offset] of lights) expect(cuts.step(lit(gain, offset)), `${gain} ${offset}`).toBe(false);
    for (let step = 0; step <= 10; step++) expect(cuts.step(lit(0.7 - 0.07 * step, 1.6 * step))).toBe(false);
  });

  it('sees a cut to black and back', () => {
    const cuts = createSceneCutDetector();
    const scene = windowOf(photos[1]!, 0, 960, 540);
    const black = { ...scene, data: new Uint8Array(scene.data.length).fill(16) };
    expect([scene, scene, black, black, scene].map((image) => cuts.step(image))).toEqual([
      ...[false, false, true, false, true],
    ]);
  });
});
