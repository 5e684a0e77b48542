/** Tells from a container's own structure whether the file ends before its container does. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { VideoFormat } from './sniff.ts';

/** Boxes at the top level of a file; a fragmented MP4 has two a fragment. */
const MAX_BOXES = 200_000;

/**
 * True when the last box, chunk or segment claims bytes behind the end of the file, as in an interrupted download.
 * Formats without such a claim (transport streams, MPEG, live Matroska) give false.
 */
export async function endsEarly(path: string, format: VideoFormat): Promise<boolean> {
  const { size } = await stat(path);
  const handle = await open(path, 'r');
  try {
    switch (format) {
      case 'mp4':
      case 'mov':
      case 'm4v':
        return await boxesEndEarly(handle, size);
      case 'avi':
        return (await readAt(handle, 4, 4)).readUInt32LE(0) + 8 > size;
      case 'mkv':
      case 'webm':
        return await segmentEndsEarly(handle, size);
      default:
        return false;
    }
  } finally {
    await handle.close();
  }
}

/** Reads exactly `length` bytes; what lies behind the end reads as zero. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await handle.read(buffer, 0, length, position);
  return buffer;
}

/** ISO 14496-12: a box begins with its size; 1 means that 64 bits follow the type, 0 that it goes on to the end. */
async function boxesEndEarly(handle: FileHandle, size: number): Promise<boolean> {
  let position = 0;
  for (let box = 0; box < MAX_BOXES && position + 8 <= size; box++) {
    const head = await readAt(handle, position, 16);
    let length = head.readUInt32BE(0);
    if (length === 0) return false;
    if (length === 1) length = Number(head.readBigUInt64BE(8));
    if (length < 8) return false;
    position += length;
  }
  return position > size;
}

/** EBML: the file is a header element, then a segment; a size of all ones means unknown. */
async function segmentEndsEarly(handle: FileHandle, size: number): Promise<boolean> {
  const head = await readAt(handle, 0, 4096);
  const header = readElementSize(head, 4);
  if (header.value === undefined) return false;
  const segment = header.end + header.value;
  if (segment + 12 > head.length || head.readUInt32BE(segment) !== 0x18538067) return false;
  const { value, end } = readElementSize(head, segment + 4);
  return value !== undefined && end + value > size;
}

function readElementSize(bytes: Buffer, at: number): { value: number | undefined; end: number } {
  const first = bytes[at]!;
  const length = Math.clz32(first) - 23;
  if (length > 8) return { value: undefined, end: at + 1 };
  let value = first & (0xff >> length);
  let allOnes = value === 0xff >> length;
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index]!;
    // Multiplied, not shifted: sizes go beyond 32 bits.
    value = value * 256 + byte;
    allOnes &&= byte === 0xff;
  }
  return { value: allOnes ? undefined : value, end: at + length };
}
