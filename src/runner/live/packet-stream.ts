/** Packets over a stream of bytes: each has its length before it, four bytes, little end first. */
import type { Duplex } from 'node:stream';
import { AppError } from '../../core/errors.ts';
import { LIVE_MOST_BYTES } from '../../core/live-frame.ts';

const LENGTH_BYTES = 4;

/** Reads packets as they come whole. Each is a view that is its receiver's to keep. */
export function createPacketReader(onPacket: (packet: Uint8Array) => void): (bytes: Uint8Array) => void {
  const length = Buffer.alloc(LENGTH_BYTES);
  let lengthBytes = 0;
  let packet: Uint8Array | undefined;
  let filled = 0;
  return (bytes) => {
    let at = 0;
    while (at < bytes.length) {
      if (!packet) {
        length[lengthBytes++] = bytes[at++]!;
        if (lengthBytes < LENGTH_BYTES) continue;
        const size = length.readUInt32LE(0);
        if (size === 0 || size > LIVE_MOST_BYTES) {
          throw new AppError('INTERNAL', `Expected a packet of 1 to ${LIVE_MOST_BYTES} bytes, received ${size}.`);
        }
        packet = new Uint8Array(size);
        filled = 0;
        lengthBytes = 0;
        continue;
      }
      const part = bytes.subarray(at, at + packet.length - filled);
      packet.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < packet.length) return;
      const whole = packet;
      packet = undefined;
      onPacket(whole);
    }
  };
}

/** Writes a packet. @returns when the stream has taken it; rejects where it is closed */
export function writePacket(stream: Duplex, packet: Uint8Array): Promise<void> {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(packet.length);
  return new Promise((resolve, reject) => {
    stream.cork();
    stream.write(length);
    stream.write(packet, (error) => (error ? reject(error) : resolve()));
    stream.uncork();
  });
}
