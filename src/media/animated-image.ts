/** Tells animated GIF and WebP from still ones, by walking over their blocks without decoding them. */
import type { FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 65_536;
/** Blocks walked over before a file counts as still: a hostile one may consist of empty blocks. */
const MAX_BLOCKS = 4_000_000;

/** Reads forwards through a file, with as few calls as its blocks allow. */
class Walker {
  readonly #handle: FileHandle;
  readonly #window = Buffer.alloc(WINDOW_BYTES);
  #windowStart = 0;
  #windowLength = 0;
  position: number;

  constructor(handle: FileHandle, position: number) {
    this.#handle = handle;
    this.position = position;
  }

  /** The next bytes, at most 64; fewer at the end of the file. They stay where they are: move `position`. */
  async peek(count: number): Promise<Buffer> {
    const offset = this.position - this.#windowStart;
    if (offset < 0 || offset + count > this.#windowLength) {
      const { bytesRead } = await this.#handle.read(this.#window, 0, WINDOW_BYTES, this.position);
      this.#windowStart = this.position;
      this.#windowLength = bytesRead;
      return this.#window.subarray(0, Math.min(count, bytesRead));
    }
    return this.#window.subarray(offset, offset + count);
  }
}

/** Whether a GIF has more than one image. @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt */
export async function isAnimatedGif(handle: FileHandle): Promise<boolean> {
  const walker = new Walker(handle, 10);
  const colours = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  walker.position = 13 + colours((await walker.peek(1))[0] ?? 0);
  let images = 0;
  for (let block = 0; block < MAX_BLOCKS; block++) {
    const head = await walker.peek(10);
    if (head[0] === 0x21) {
      walker.position += 2;
    } else if (head[0] === 0x2c && head.length === 10) {
      if (++images === 2) return true;
      walker.position += 11 + colours(head[9]!);
    } else {
      return false;
    }
    // Sub-blocks begin with their length; one of none ends them.
    for (let length = -1; length !== 0 && block < MAX_BLOCKS; block++) {
      length = (await walker.peek(1))[0] ?? 0;
      walker.position += 1 + length;
    }
  }
  return false;
}

/** What an animated WebP consists of. */
export interface WebpAnimation {
  readonly width: number;
  readonly height: number;
  /** How long each frame is shown. */
  readonly delaysSeconds: readonly number[];
  /** True when a chunk claims bytes behind the end of the file. */
  readonly endsEarly: boolean;
}

/** Browsers take delays up to the first for a mistake and show the second. */
const [MISTAKEN_MILLISECONDS, STANDARD_MILLISECONDS] = [10, 100];

/**
 * Lists the frames of a WebP.
 * @param atMost frames after which the rest is not looked at
 * @returns undefined for a still picture, which has no list
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */
export async function readWebpAnimation(
  handle: FileHandle,
  sizeBytes: number,
  atMost = Number.POSITIVE_INFINITY,
): Promise<WebpAnimation | undefined> {
  const walker = new Walker(handle, 12);
  const header = Buffer.from(await walker.peek(18));
  const ANIMATION_FLAG = 0x02;
  if (header.toString('latin1', 0, 4) !== 'VP8X' || header.length < 18 || !(header[8]! & ANIMATION_FLAG)) {
    return undefined;
  }
  const delaysSeconds: number[] = [];
  let endsEarly = false;
  for (let block = 0; block < MAX_BLOCKS && delaysSeconds.length < atMost; block++) {
    const head = await walker.peek(24);
    if (head.length < 8) break;
    const length = head.readUInt32LE(4);
    if (head.toString('latin1', 0, 4) === 'ANMF' && head.length === 24) {
      // Behind position and size, which have three bytes each as well.
      const delay = head.readUIntLE(8 + 12, 3);
      delaysSeconds.push((delay <= MISTAKEN_MILLISECONDS ? STANDARD_MILLISECONDS : delay) / 1000);
    }
    walker.position += 8 + length + (length % 2);
    endsEarly = walker.position > sizeBytes + 1;
  }
  return { width: header.readUIntLE(12, 3) + 1, height: header.readUIntLE(15, 3) + 1, delaysSeconds, endsEarly };
}
