/** Counts the frames of an MP4 or QuickTime file that this program wrote, without another process. */
import { type FileHandle, open } from 'node:fs/promises';

/** An index larger than this is none of ours: it would hold tens of millions of frames. */
const LARGEST_INDEX_BYTES = 512 * 1024 * 1024;
const HEADER_BYTES = 16;

interface Box {
  readonly type: string;
  /** First byte behind the header, and first byte behind the box. */
  readonly start: number;
  readonly end: number;
}

/**
 * Counts the samples of the first video track by its index, and makes sure that every byte of the file belongs to a box.
 * @returns 0 for a file that has no index, ends inside a box, or has no video
 * @see ISO/IEC 14496-12, `stsz`
 */
export async function countMp4Frames(path: string): Promise<number> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const boxes = await listFileBoxes(file, size);
    const moov = boxes?.find(({ type }) => type === 'moov');
    if (!moov || moov.end - moov.start > LARGEST_INDEX_BYTES) return 0;
    const index = Buffer.alloc(moov.end - moov.start);
    await file.read(index, 0, index.length, moov.start);
    return countInIndex(index);
  } finally {
    await file.close();
  }
}

/** The outermost boxes; undefined where they do not fill the file exactly. */
async function listFileBoxes(file: FileHandle, size: number): Promise<Box[] | undefined> {
  const boxes: Box[] = [];
  const header = Buffer.alloc(HEADER_BYTES);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await file.read(header, 0, HEADER_BYTES, at);
    const box = readBox(header.subarray(0, bytesRead), 0, at, size);
    if (!box) return undefined;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** Reads a header at `at` of `bytes`, which stands at `position` of the file. */
function readBox(bytes: Buffer, at: number, position: number, limit: number): Box | undefined {
  if (bytes.length - at < 8) return undefined;
  const short = bytes.readUInt32BE(at);
  const isLong = short === 1;
  if (isLong && bytes.length - at < HEADER_BYTES) return undefined;
  const length = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? limit - position : short;
  const headerBytes = isLong ? HEADER_BYTES : 8;
  const end = position + length;
  if (length < headerBytes || end > limit) return undefined;
  return { type: bytes.toString('latin1', at + 4, at + 8), start: position + headerBytes, end };
}

function countInIndex(moov: Buffer): number {
  for (const track of children(moov, 'trak')) {
    const media = children(track, 'mdia')[0];
    // Version and flags, a reserved word, then the handler.
    const handler = media && children(media, 'hdlr')[0]?.toString('latin1', 8, 12);
    if (!media || handler !== 'vide') continue;
    const table = children(media, 'minf').flatMap((box) => children(box, 'stbl'))[0];
    const sizes = table && children(table, 'stsz')[0];
    // Version and flags, one size for all or 0, then the count.
    return sizes && sizes.length >= 12 ? sizes.readUInt32BE(8) : 0;
  }
  return 0;
}

/** The content of all boxes of a type directly inside `parent`. */
function children(parent: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < parent.length; ) {
    const box = readBox(parent, at, at, parent.length);
    if (!box) break;
    if (box.type === type) found.push(parent.subarray(box.start, box.end));
    at = box.end;
  }
  return found;
}
