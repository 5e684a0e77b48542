/**
 * Windows bitmaps, which sharp neither reads nor writes. Read: 1, 4, 8, 16, 24 and 32 bits without compression or with
 * bit fields. Written: 24 bits, or 32 bits with an alpha mask (version 4 header).
 * Layout after the BITMAPFILEHEADER and BITMAPINFOHEADER pages of Microsoft's GDI reference.
 */
import { AppError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';

const FILE_HEADER_BYTES = 14;
const INFO_HEADER_BYTES = 40;
const V4_HEADER_BYTES = 108;
const COMPRESSION_NONE = 0;
const COMPRESSION_BIT_FIELDS = 3;
const COMPRESSION_ALPHA_BIT_FIELDS = 6;
/** `sRGB` as the colour space field of a version 4 header. */
const LCS_SRGB = 0x73524742;
const INCHES_PER_METRE = 39.3701;

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly bitsPerPixel: number;
  readonly topDown: boolean;
  readonly pixelOffset: number;
  /** False for run-length coded, JPEG and PNG content. */
  readonly isPlain: boolean;
  /** Dots per inch, absent when the header says 0. */
  readonly density?: number;
  readonly masks?: readonly [red: number, green: number, blue: number, alpha: number];
  /** Where the colour table stands, how many entries it has, and the size of one. */
  readonly palette?: { readonly offset: number; readonly count: number; readonly entryBytes: number };
}

/** Pixels of a bitmap. `alpha` is present only when the file says that it has some. */
export interface BmpPixels extends RgbImage {
  readonly alpha?: Uint8Array;
}

const damaged = (why: string): AppError =>
  new AppError('INPUT_UNREADABLE', `The BMP file is damaged: ${why}.`, { hint: 'Copy or download it again.' });

/**
 * Reads the header of a bitmap, without its pixels.
 * @throws INPUT_UNREADABLE when the header is short or impossible
 */
export function parseBmpHeader(bytes: Buffer): BmpHeader {
  if (bytes.length < FILE_HEADER_BYTES + 12) throw damaged('the header is cut off');
  const pixelOffset = bytes.readUInt32LE(10);
  const headerBytes = bytes.readUInt32LE(14);
  if (bytes.length < FILE_HEADER_BYTES + headerBytes) throw damaged('the header is cut off');
  const isOs2 = headerBytes === 12;

  const width = isOs2 ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = isOs2 ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bitsPerPixel = bytes.readUInt16LE(isOs2 ? 24 : 28);
  const compression = isOs2 ? COMPRESSION_NONE : bytes.readUInt32LE(30);
  if (width <= 0 || signedHeight === 0) throw damaged(`its size is ${width} x ${signedHeight}`);
  if (![1, 4, 8, 16, 24, 32].includes(bitsPerPixel)) throw damaged(`it has ${bitsPerPixel} bits a pixel`);

  const hasMasks = compression === COMPRESSION_BIT_FIELDS || compression === COMPRESSION_ALPHA_BIT_FIELDS;
  const dotsPerMetre = isOs2 ? 0 : bytes.readInt32LE(38);
  const common = {
    width,
    height: Math.abs(signedHeight),
    bitsPerPixel,
    topDown: signedHeight < 0,
    pixelOffset,
    isPlain: compression === COMPRESSION_NONE || hasMasks,
    ...(dotsPerMetre > 0 ? { density: Math.round(dotsPerMetre / INCHES_PER_METRE) } : {}),
  };
  if (bitsPerPixel <= 8) {
    const declared = isOs2 ? 0 : bytes.readUInt32LE(46);
    const count = declared > 0 && declared <= 1 << bitsPerPixel ? declared : 1 << bitsPerPixel;
    return {
      ...common,
      palette: { offset: FILE_HEADER_BYTES + headerBytes, count, entryBytes: isOs2 ? 3 : 4 },
    };
  }
  return {
    ...common,
    ...(bitsPerPixel === 24 ? {} : { masks: readMasks(bytes, bitsPerPixel, headerBytes, hasMasks) }),
  };
}

function readMasks(
  bytes: Buffer,
  bitsPerPixel: number,
  headerBytes: number,
  hasMasks: boolean,
): [number, number, number, number] {
  if (!hasMasks) return bitsPerPixel === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0xff0000, 0xff00, 0xff, 0];
  // Behind a plain info header the masks follow it; in later headers they are fields at the same place.
  const at = FILE_HEADER_BYTES + INFO_HEADER_BYTES;
  if (bytes.length < at + 16) throw damaged('the colour masks are cut off');
  const alpha = headerBytes >= 56 ? bytes.readUInt32LE(at + 12) : 0;
  return [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8), alpha];
}

/**
 * Decodes a bitmap whose header says `isPlain`.
 * @returns pixels owned by the caller
 * @throws INPUT_UNREADABLE when pixels are missing
 */
export function decodeBmp(bytes: Buffer, header: BmpHeader = parseBmpHeader(bytes)): BmpPixels {
  const { width, height, bitsPerPixel } = header;
  // Rows are padded to four bytes.
  const stride = Math.ceil((width * bitsPerPixel) / 32) * 4;
  if (header.pixelOffset + stride * height > bytes.length) throw damaged('it ends before its last row');

  const data = new Uint8Array(width * height * 3);
  const alpha = header.masks && header.masks[3] !== 0 ? new Uint8Array(width * height) : undefined;
  const readRow = rowReader(bytes, header, data, alpha);
  for (let y = 0; y < height; y++) {
    const fileRow = header.topDown ? y : height - 1 - y;
    readRow(header.pixelOffset + fileRow * stride, y * width);
  }
  return { data, width, height, ...(alpha ? { alpha } : {}) };
}

type RowReader = (from: number, firstPixel: number) => void;

function rowReader(bytes: Buffer, header: BmpHeader, data: Uint8Array, alpha: Uint8Array | undefined): RowReader {
  const { width, bitsPerPixel, palette, masks } = header;
  if (palette) {
    return (from, firstPixel) => {
      for (let x = 0; x < width; x++) {
        const bit = x * bitsPerPixel;
        const shift = 8 - bitsPerPixel - (bit & 7);
        const index = (bytes[from + (bit >> 3)]! >> shift) & ((1 << bitsPerPixel) - 1);
        if (index >= palette.count) throw damaged(`a pixel has colour ${index} of ${palette.count}`);
        const entry = palette.offset + index * palette.entryBytes;
        const to = (firstPixel + x) * 3;
        data[to] = bytes[entry + 2]!;
        data[to + 1] = bytes[entry + 1]!;
        data[to + 2] = bytes[entry]!;
      }
    };
  }
  if (!masks) {
    return (from, firstPixel) => {
      for (let x = 0; x < width; x++) {
        const to = (firstPixel + x) * 3;
        data[to] = bytes[from + x * 3 + 2]!;
        data[to + 1] = bytes[from + x * 3 + 1]!;
        data[to + 2] = bytes[from + x * 3]!;
      }
    };
  }
  const [red, green, blue, opacity] = masks.map(channelReader) as [Channel, Channel, Channel, Channel];
  const pixelBytes = bitsPerPixel / 8;
  return (from, firstPixel) => {
    for (let x = 0; x < width; x++) {
      const at = from + x * pixelBytes;
      const value = pixelBytes === 2 ? bytes.readUInt16LE(at) : bytes.readUInt32LE(at);
      const to = (firstPixel + x) * 3;
      data[to] = red(value);
      data[to + 1] = green(value);
      data[to + 2] = blue(value);
      if (alpha) alpha[firstPixel + x] = opacity(value);
    }
  };
}

type Channel = (value: number) => number;

/** Takes the bits under a mask and stretches them to 0..255. */
function channelReader(mask: number): Channel {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const highest = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) * 255) / highest);
}

/**
 * Encodes a bitmap: 24 bits, or 32 bits when there is alpha.
 * @param alpha one byte a pixel
 * @param density dots per inch
 */
export function encodeBmp(image: RgbImage, alpha?: Uint8Array, density = 72): Buffer {
  const { width, height, data } = image;
  const pixelBytes = alpha ? 4 : 3;
  const headerBytes = alpha ? V4_HEADER_BYTES : INFO_HEADER_BYTES;
  const stride = Math.ceil((width * pixelBytes) / 4) * 4;
  const pixelOffset = FILE_HEADER_BYTES + headerBytes;
  const out = Buffer.alloc(pixelOffset + stride * height);

  out.write('BM', 0, 'latin1');
  out.writeUInt32LE(out.length, 2);
  out.writeUInt32LE(pixelOffset, 10);
  out.writeUInt32LE(headerBytes, 14);
  out.writeInt32LE(width, 18);
  out.writeInt32LE(height, 22);
  out.writeUInt16LE(1, 26);
  out.writeUInt16LE(pixelBytes * 8, 28);
  out.writeUInt32LE(alpha ? COMPRESSION_BIT_FIELDS : COMPRESSION_NONE, 30);
  out.writeUInt32LE(stride * height, 34);
  const dotsPerMetre = Math.round(density * INCHES_PER_METRE);
  out.writeInt32LE(dotsPerMetre, 38);
  out.writeInt32LE(dotsPerMetre, 42);
  if (alpha) {
    out.writeUInt32LE(0xff0000, 54);
    out.writeUInt32LE(0xff00, 58);
    out.writeUInt32LE(0xff, 62);
    out.writeUInt32LE(0xff000000, 66);
    out.writeUInt32LE(LCS_SRGB, 70);
  }

  for (let y = 0; y < height; y++) {
    let to = pixelOffset + (height - 1 - y) * stride;
    for (let pixel = y * width; pixel < (y + 1) * width; pixel++) {
      out[to] = data[pixel * 3 + 2]!;
      out[to + 1] = data[pixel * 3 + 1]!;
      out[to + 2] = data[pixel * 3]!;
      if (alpha) out[to + 3] = alpha[pixel]!;
      to += pixelBytes;
    }
  }
  return out;
}
