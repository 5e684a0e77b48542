import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameAssembler } from './frame-assembler.ts';

const FRAME_BYTES = 10;

/** Frames whose bytes count on, cut into chunks at these places. */
function chunksOf(frames: number, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(Array.from({ length: frames * FRAME_BYTES }, (_, index) => index % 251));
  const places = [...new Set([0, ...cuts.map((cut) => cut % bytes.length), bytes.length])].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

describe('createFrameAssembler', () => {
  it('gives the bytes back in frames, however they were cut, from a bounded number of buffers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(200)), async (frames, cuts) => {
        const stream = new PassThrough();
        const assembler = createFrameAssembler(stream, FRAME_BYTES, 2);
        const chunks = chunksOf(frames, cuts);
        for (const chunk of chunks) stream.write(chunk);
        stream.end();
        const read: number[] = [];
        const buffers = new Set<Uint8Array>();
        for (let frame = await assembler.next(); frame; frame = await assembler.next()) {
          read.push(...frame);
          buffers.add(frame);
          assembler.recycle(frame);
        }
        expect(read).toEqual([...Buffer.concat(chunks)]);
        expect(buffers.size).toBeLessThanOrEqual(2);
        expect(assembler.leftoverBytes).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('loses nothing when the pipe is resumed from outside while no buffer is free, as Node does at exit', async () => {
    const stream = new PassThrough();
    const assembler = createFrameAssembler(stream, FRAME_BYTES, 1);
    const chunks = chunksOf(6, [7, 13, 24, 31, 45, 52]);
    for (const chunk of chunks) {
      stream.write(chunk);
      stream.resume();
      await turn();
    }
    stream.end();
    stream.resume();
    const read: number[] = [];
    for (let frame = await assembler.next(); frame; frame = await assembler.next()) {
      read.push(...frame);
      assembler.recycle(frame);
      stream.resume();
    }
    expect(read).toEqual([...Buffer.concat(chunks)]);
  });

  it('tells how much of a frame was missing', async () => {
    const stream = new PassThrough();
    const assembler = createFrameAssembler(stream, FRAME_BYTES, 2);
    stream.end(Buffer.alloc(FRAME_BYTES + 4));
    expect(await assembler.next()).toHaveLength(FRAME_BYTES);
    expect(await assembler.next()).toBeUndefined();
    expect(assembler.leftoverBytes).toBe(4);
  });
});
