import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../../test/helpers/aligned-face.ts';
import { readSampleFrames, readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import { isSameScene, thumbnailOf } from './scene-thumbnail.ts';

const withBlock = (share: number, value: number) =>
  thumbnailOf(pictureOf(320, 320, (x, y) => (x < 320 * share && y < 320 * share ? value : 100)));

describe('a scene', () => {
  it('is the same with another expression of somebody who sits still', () => {
    const [a, b] = readSampleFrames('cap12_edit', 2, 2);
    expect(isSameScene(thumbnailOf(a!), thumbnailOf(b!))).toBe(true);
  });

  it('is another one in another photo', async () => {
    const [a, b] = [await readSamplePhoto(1, 480), await readSamplePhoto(3, 480)];
    expect(isSameScene(thumbnailOf(a), thumbnailOf(b))).toBe(false);
  });

  it('is another one where a sixth of each side has changed, and not for a tremble of light', () => {
    const before = withBlock(0, 0);
    expect(isSameScene(before, withBlock(1 / 6, 200))).toBe(false);
    expect(isSameScene(before, withBlock(1 / 16, 200))).toBe(true);
    expect(isSameScene(before, withBlock(1, 118))).toBe(true);
    expect(isSameScene(before, withBlock(1, 130))).toBe(false);
  });

  it('is the same for a frame and a photo of it', () => {
    const size = { width: 64, height: 64 };
    const grey = { ...size, data: new Uint8Array(64 * 64 * 3).fill(128) };
    const frame = {
      ...{ ...size, data: new Uint8Array(64 * 96).fill(128) },
      colour: { matrix: 'bt709', range: 'full' },
    } as const;
    expect(isSameScene(thumbnailOf(grey), thumbnailOf(frame))).toBe(true);
  });
});
