import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelMemory } from './kernel-memory.ts';
import { createKernels } from './kernels.ts';

describe('KernelMemory', () => {
  it('never hands out the same byte twice and reuses what came back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 90_000 }))), (steps) => {
        const { memory } = createKernels();
        const buffers = Array.from({ length: 6 }, () => ({ buffer: memory.createBuffer(), size: 0 }));
        for (const [which, size] of steps) {
          const slot = buffers[which];
          if (size % 3 === 0) {
            slot.buffer.release();
            slot.size = 0;
          } else {
            slot.buffer.reserve(size);
            slot.size = Math.max(size, slot.size);
            slot.buffer.bytes(slot.size).fill(which + 1);
          }
          buffers.forEach(({ buffer, size: length }, i) => {
            expect(buffer.bytes(length).every((byte) => byte === i + 1)).toBe(true);
          });
        }
      }),
      { numRuns: 60 },
    );
    const { memory } = createKernels();
    const buffer = memory.createBuffer();
    const first = buffer.reserve(1000);
    buffer.release();
    expect(buffer.reserve(500)).toBe(first);
  });

  it('says so when there is no more', () => {
    const full = { buffer: new ArrayBuffer(65536), grow: () => expect.fail('unreachable') };
    const memory = new KernelMemory(
      {
        ...full,
        grow: () => {
          throw new RangeError('full');
        },
      },
      0,
    );
    expect(() => memory.createBuffer().reserve(70_000)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
  });
});
