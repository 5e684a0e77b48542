/** Frames as they travel: 24 bytes of header, little end first, then I420. docs/live.md says what each byte is. */

export const HEADER_BYTES = 24;
const FRAME = 1;
/** The answer's second byte: at least one face was changed. */
const CHANGED = 1;

/** How the numbers of a frame become light. */
export interface Colour {
  readonly matrix: 'bt601' | 'bt709';
  readonly isFull: boolean;
}

export interface Header {
  /** Source that is put in, from 0. */
  readonly source: number;
  readonly width: number;
  readonly height: number;
  readonly sequence: number;
  /** Milliseconds of this page's clock. */
  readonly capturedAt: number;
  readonly colour: Colour;
}

export interface Answer extends Omit<Header, 'source'> {
  readonly isChanged: boolean;
  /** That the service follows. */
  readonly faces: number;
  /** Y, U and V; a view of the packet. */
  readonly planes: Uint8Array<ArrayBuffer>;
}

export const packetBytes = (width: number, height: number): number => HEADER_BYTES + (width * height * 3) / 2;

export function writeHeader(packet: Uint8Array, header: Header): void {
  const view = new DataView(packet.buffer, packet.byteOffset, HEADER_BYTES);
  view.setUint8(0, FRAME);
  view.setUint8(1, header.source);
  view.setUint16(2, header.width, true);
  view.setUint16(4, header.height, true);
  view.setUint16(6, 0, true);
  view.setUint32(8, header.sequence, true);
  view.setUint8(12, header.colour.matrix === 'bt709' ? 1 : 0);
  view.setUint8(13, header.colour.isFull ? 1 : 0);
  view.setUint16(14, 0, true);
  view.setFloat64(16, header.capturedAt, true);
}

export function readAnswer(packet: ArrayBuffer): Answer {
  const view = new DataView(packet, 0, HEADER_BYTES);
  return {
    ...{ isChanged: view.getUint8(1) === CHANGED, width: view.getUint16(2, true), height: view.getUint16(4, true) },
    ...{ faces: view.getUint16(6, true), sequence: view.getUint32(8, true), capturedAt: view.getFloat64(16, true) },
    colour: { matrix: view.getUint8(12) === 1 ? 'bt709' : 'bt601', isFull: view.getUint8(13) === 1 },
    planes: new Uint8Array(packet, HEADER_BYTES),
  };
}
