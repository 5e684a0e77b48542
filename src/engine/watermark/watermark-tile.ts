/** The secret pattern: a tile of +1 and -1 that covers the picture again and again. */
import { createHmac } from 'node:crypto';
import { codedLength, encodeBits } from './convolutional-code.ts';
import { MESSAGE_BITS, toMessage, type WatermarkPayload } from './watermark-payload.ts';

/** Edge of the tile, in cells of the canonical picture. */
export const TILE = 64;
const CELLS = TILE * TILE;
/** A quarter of the cells is the same whatever the message: with them the detector finds where a tile begins. */
const PILOT_CELLS = CELLS / 4;
const CODED_BITS = codedLength(MESSAGE_BITS);

/** What a key makes of a tile. */
export interface TileKey {
  readonly secret: Buffer;
  /** +1 or -1 a cell. */
  readonly signs: Int8Array;
  /** Coded bit that a cell carries, or -1 for the pilot. */
  readonly roles: Int16Array;
}

/** @param secret 32 bytes */
export function createTileKey(secret: Buffer): TileKey {
  const next = randomNumbers(secret, 'watermark tile');
  const signs = Int8Array.from({ length: CELLS }, () => (next() & 1 ? 1 : -1));
  const order = Array.from({ length: CELLS }, (_, at) => at);
  for (let at = CELLS - 1; at > 0; at--) {
    const other = next() % (at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  const roles = new Int16Array(CELLS).fill(-1);
  for (let at = PILOT_CELLS; at < CELLS; at++) roles[order[at]!] = (at - PILOT_CELLS) % CODED_BITS;
  return { secret, signs, roles };
}

/** +1 or -1 a cell, row by row. */
export function createTile({ secret, signs, roles }: TileKey, payload: WatermarkPayload): Int8Array {
  const coded = encodeBits(toMessage(payload, secret));
  return signs.map((sign, cell) => {
    const role = roles[cell]!;
    return role < 0 || coded[role] ? sign : -sign;
  });
}

/** Numbers of 32 bits, the same for the same secret. */
function randomNumbers(secret: Buffer, label: string): () => number {
  let block = Buffer.alloc(0);
  let at = 0;
  let counter = 0;
  return () => {
    if (at === block.length) {
      block = createHmac('sha256', secret).update(`${label}:${counter++}`).digest();
      at = 0;
    }
    at += 4;
    return block.readUInt32LE(at - 4);
  };
}
