import { expect, it } from 'vitest';
import { LIVE_CHANGED, LIVE_MOST_BYTES, parseLiveFrame, writeLiveHeader } from '../../../core/live-frame.ts';
import { packetBytes, readAnswer, writeHeader } from './live-packet.ts';

it('writes what the service reads', () => {
  const packet = new Uint8Array(packetBytes(64, 66));
  writeHeader(packet, {
    ...{ source: 3, width: 64, height: 66, sequence: 4_000_000_000, capturedAt: 1234.5 },
    colour: { matrix: 'bt709', isFull: true },
  });
  packet.set([9, 8], 24);
  const { data, ...header } = parseLiveFrame(packet);
  expect(header).toEqual({
    ...{ mode: 3, width: 64, height: 66, faces: 0, sequence: 4_000_000_000, capturedAt: 1234.5 },
    colour: { matrix: 'bt709', range: 'full' },
  });
  expect([...data.subarray(0, 2)]).toEqual([9, 8]);
  expect(packetBytes(1280, 720)).toBe(LIVE_MOST_BYTES);
});

it('reads what the service writes', () => {
  const packet = new Uint8Array(packetBytes(64, 64));
  const facts = { width: 64, height: 64, faces: 2, sequence: 7, capturedAt: 0.25 };
  writeLiveHeader(packet, { ...facts, mode: LIVE_CHANGED, colour: { matrix: 'bt601', range: 'limited' } });
  const { planes, ...answer } = readAnswer(packet.buffer);
  expect(answer).toEqual({ ...facts, isChanged: true, colour: { matrix: 'bt601', isFull: false } });
  expect(planes.length).toBe(64 * 96);
});
