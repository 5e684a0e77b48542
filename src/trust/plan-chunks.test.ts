import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChunkPlanRequest, planChunks } from './plan-chunks.ts';

const plan = (request: ChunkPlanRequest): number[][] =>
  [...planChunks(request)].map(({ startFrame, endFrame }) => [startFrame, endFrame]);

/** A video of so many frames with key frames at these. */
function keys(count: number, ...at: number[]): Uint8Array {
  const isKey = new Uint8Array(count);
  for (const frame of at) isKey[frame] = 1;
  return isKey;
}

describe('planChunks', () => {
  it('cuts every so many frames where key frames are unknown', () => {
    expect(plan({ startFrame: 0, endFrame: 250, chunkSize: 100, isKey: [] })).toEqual([
      [0, 100],
      [100, 200],
      [200, 250],
    ]);
  });

  it('moves a border to a key frame nearby, and leaves it where there is none', () => {
    const isKey = keys(400, 0, 90, 150, 224, 310);
    expect(plan({ startFrame: 0, endFrame: 400, chunkSize: 100, isKey })).toEqual([
      [0, 90],
      [90, 224],
      [224, 310],
      [310, 400],
    ]);
  });

  it('keeps a short rest with the last chunk', () => {
    expect(plan({ startFrame: 10, endFrame: 230, chunkSize: 100, isKey: [] })).toEqual([
      [10, 110],
      [110, 230],
    ]);
  });

  it('goes on without end where the length is unknown', () => {
    const chunks = planChunks({ startFrame: 5, chunkSize: 10, isKey: [] });
    const first = Array.from({ length: 3 }, () => chunks.next().value);
    expect(first).toEqual([
      { index: 0, startFrame: 5, endFrame: 15 },
      { index: 1, startFrame: 15, endFrame: 25 },
      { index: 2, startFrame: 25, endFrame: 35 },
    ]);
  });

  it('covers every frame once, in chunks of about the size asked for', () => {
    const request = fc.record({
      startFrame: fc.nat(500),
      length: fc.integer({ min: 1, max: 3000 }),
      chunkSize: fc.integer({ min: 10, max: 300 }),
      isKey: fc.array(fc.nat(1), { maxLength: 3000 }),
    });
    fc.assert(
      fc.property(request, ({ startFrame, length, chunkSize, isKey }) => {
        const endFrame = startFrame + length;
        const chunks = [...planChunks({ startFrame, endFrame, chunkSize, isKey })];
        let next = startFrame;
        for (const [at, chunk] of chunks.entries()) {
          expect(chunk.index).toBe(at);
          expect(chunk.startFrame).toBe(next);
          expect(chunk.endFrame).toBeGreaterThan(chunk.startFrame);
          expect(chunk.endFrame - chunk.startFrame).toBeLessThanOrEqual(chunkSize * 1.75 + 1);
          next = chunk.endFrame;
        }
        expect(next).toBe(endFrame);
      }),
    );
  });
});
