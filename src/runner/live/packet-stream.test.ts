import { once } from 'node:events';
import { Duplex, PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPacketReader, writePacket } from './packet-stream.ts';

/** What is written, as bytes. */
async function written(packets: readonly Uint8Array[]): Promise<Buffer> {
  const out = new PassThrough();
  const parts: Buffer[] = [];
  out.on('data', (part: Buffer) => parts.push(part));
  const stream = Duplex.from({ writable: out, readable: new PassThrough() });
  for (const packet of packets) await writePacket(stream, packet);
  stream.end();
  await once(out, 'end');
  return Buffer.concat(parts);
}

it('gives packets as they were written, wherever the stream was cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 97 }),
      async (packets, step) => {
        const bytes = await written(packets);
        const read: Uint8Array[] = [];
        const reader = createPacketReader((packet) => read.push(packet));
        for (let at = 0; at < bytes.length; at += step) reader(bytes.subarray(at, at + step));
        expect(read.map((packet) => [...packet])).toEqual(packets.map((packet) => [...packet]));
      },
    ),
    { numRuns: 50 },
  );
});

it('gives packets that stay as they are when the memory that they came in is used again', () => {
  const read: Uint8Array[] = [];
  const reader = createPacketReader((packet) => read.push(packet));
  const bytes = Buffer.from([2, 0, 0, 0, 7, 8]);
  reader(bytes);
  bytes.fill(0);
  expect([...read[0]!]).toEqual([7, 8]);
});

it.each([
  ['nothing', [0, 0, 0, 0]],
  ['more than a frame can have', [255, 255, 255, 255]],
])('refuses a length of %s', (_name, bytes) => {
  const reader = createPacketReader(() => {});
  expect(() => reader(Uint8Array.from(bytes))).toThrow('Expected a packet of 1 to');
});
