import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIVE_HEADER_BYTES, LIVE_MOST_BYTES, livePacketBytes, parseLiveFrame, writeLiveHeader } from './live-frame.ts';

const packetOf = (width: number, height: number): Uint8Array => {
  const packet = new Uint8Array(livePacketBytes(width, height));
  writeLiveHeader(packet, {
    ...{ mode: 0, width, height, faces: 0, sequence: 0, capturedAt: 0 },
    colour: { matrix: 'bt601', range: 'limited' },
  });
  return packet;
};

describe('a frame that travels', () => {
  it('comes back as it was written', () => {
    const even = (max: number) => fc.integer({ min: 32, max: max / 2 }).map((half) => 2 * half);
    fc.assert(
      fc.property(
        fc.record({
          ...{ mode: fc.nat(255), width: even(128), height: even(128), faces: fc.nat(65_535) },
          sequence: fc.nat(2 ** 32 - 1),
          capturedAt: fc.double({ noNaN: true, noDefaultInfinity: true }),
          colour: fc.record({
            matrix: fc.constantFrom('bt601' as const, 'bt709' as const),
            range: fc.constantFrom('limited' as const, 'full' as const),
          }),
        }),
        // A view that does not begin where its memory does, as those of sockets.
        fc.nat(8),
        (header, offset) => {
          const bytes = livePacketBytes(header.width, header.height);
          const packet = new Uint8Array(new ArrayBuffer(bytes + offset), offset);
          packet.fill(7, LIVE_HEADER_BYTES);
          writeLiveHeader(packet, header);
          const { data, ...rest } = parseLiveFrame(packet);
          expect(rest).toEqual(header);
          expect(data.length).toBe(bytes - LIVE_HEADER_BYTES);
          expect(data[0]).toBe(7);
        },
      ),
    );
  });

  it('may be as large as 720p', () => {
    expect(parseLiveFrame(packetOf(1280, 720)).data.length + LIVE_HEADER_BYTES).toBe(LIVE_MOST_BYTES);
  });

  it.each([
    ['nothing', new Uint8Array(0), 'a frame with a header'],
    ['another kind', new Uint8Array(LIVE_HEADER_BYTES), 'a frame with a header'],
    ['odd edges', packetOf(101, 100), 'even edges'],
    ['a size beyond 720p', packetOf(1920, 1080), 'even edges'],
    ['a size for nobody', packetOf(2, 2), 'even edges'],
    ['too few bytes', packetOf(64, 64).subarray(0, -1), '6168 bytes for 64 x 64, received 6167'],
    ['an unknown matrix', packetOf(64, 64).fill(9, 12, 13), 'a colour matrix'],
  ])('is refused as %s', (_name, packet, message) => {
    expect(() => parseLiveFrame(packet)).toThrow(message);
  });

  it('is nothing that throws anything else, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8000 }), (bytes) => {
        try {
          parseLiveFrame(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'REQUEST_INVALID' });
        }
      }),
    );
  });
});
