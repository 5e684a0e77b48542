/** A frame of a live session as it travels: 24 bytes of header, little end first, then its planes. See docs/live.md. */
import { AppError } from './errors.ts';
import type { I420Frame } from './image.ts';

export const LIVE_HEADER_BYTES = 24;
/** The largest frame of a live session, in pixels, and the smallest edge. */
export const LIVE_LARGEST = { width: 1280, height: 720 } as const;
const SMALLEST_EDGE = 64;

/** The first byte of every packet; behind that of a note is JSON. */
export const LIVE_KIND = { frame: 1, note: 2 } as const;
/** The second byte of a frame to the service, where no face is to be put in. */
export const NO_SOURCE = 255;
/** The second byte of a frame from the service: at least one face was changed. */
export const LIVE_CHANGED = 1;

const MATRICES = ['bt601', 'bt709'] as const;

/** What a packet says beside its pixels. */
export interface LiveHeader {
  /** To the service the source that is put in, from 0, or `NO_SOURCE`; from it `LIVE_CHANGED` or 0. */
  readonly mode: number;
  readonly width: number;
  readonly height: number;
  /** Faces that the service follows; 0 to the service. */
  readonly faces: number;
  /** Counted by who sends it, from 0, modulo 2^32. */
  readonly sequence: number;
  /** When it was captured, in milliseconds of any clock of the sender's; comes back as it was. */
  readonly capturedAt: number;
  readonly colour: I420Frame['colour'];
}

/** A packet with its planes: Y, U and V. */
export interface LiveFrame extends LiveHeader {
  /** A view of the packet. */
  readonly data: Uint8Array;
}

/** Bytes of the packet with a frame of this size. */
export const livePacketBytes = (width: number, height: number): number => LIVE_HEADER_BYTES + (width * height * 3) / 2;

/** The longest packet. */
export const LIVE_MOST_BYTES = livePacketBytes(LIVE_LARGEST.width, LIVE_LARGEST.height);

/**
 * Reads a packet that holds a frame.
 * @throws REQUEST_INVALID for anything that is none
 */
export function parseLiveFrame(packet: Uint8Array): LiveFrame {
  const { byteLength } = packet;
  if (byteLength < LIVE_HEADER_BYTES || packet[0] !== LIVE_KIND.frame) {
    throw invalid(`a frame with a header of ${LIVE_HEADER_BYTES} bytes, received ${byteLength} bytes`);
  }
  const view = new DataView(packet.buffer, packet.byteOffset, LIVE_HEADER_BYTES);
  const width = view.getUint16(2, true);
  const height = view.getUint16(4, true);
  const isEven = width % 2 === 0 && height % 2 === 0;
  const isSmall = width > LIVE_LARGEST.width || height > LIVE_LARGEST.height;
  if (!isEven || isSmall || Math.min(width, height) < SMALLEST_EDGE) {
    const { width: most, height: mostRows } = LIVE_LARGEST;
    throw invalid(`even edges from ${SMALLEST_EDGE} to ${most} x ${mostRows}, received ${width} x ${height}`);
  }
  if (byteLength !== livePacketBytes(width, height)) {
    throw invalid(`${livePacketBytes(width, height)} bytes for ${width} x ${height}, received ${byteLength}`);
  }
  const matrix = MATRICES[view.getUint8(12)];
  if (matrix === undefined) throw invalid(`a colour matrix of 0 or 1, received ${view.getUint8(12)}`);
  return {
    ...{ mode: view.getUint8(1), width, height, faces: view.getUint16(6, true), sequence: view.getUint32(8, true) },
    capturedAt: view.getFloat64(16, true),
    colour: { matrix, range: view.getUint8(13) === 1 ? 'full' : 'limited' },
    data: packet.subarray(LIVE_HEADER_BYTES),
  };
}

/** Writes the header of a frame into the first bytes of a packet. */
export function writeLiveHeader(packet: Uint8Array, header: LiveHeader): void {
  const view = new DataView(packet.buffer, packet.byteOffset, LIVE_HEADER_BYTES);
  view.setUint8(0, LIVE_KIND.frame);
  view.setUint8(1, header.mode);
  view.setUint16(2, header.width, true);
  view.setUint16(4, header.height, true);
  view.setUint16(6, header.faces, true);
  view.setUint32(8, header.sequence, true);
  view.setUint8(12, header.colour.matrix === 'bt709' ? 1 : 0);
  view.setUint8(13, header.colour.range === 'full' ? 1 : 0);
  view.setUint16(14, 0, true);
  view.setFloat64(16, header.capturedAt, true);
}

const invalid = (text: string): AppError =>
  new AppError('REQUEST_INVALID', `Expected ${text}.`, { hint: 'docs/live.md says what a frame looks like.' });
