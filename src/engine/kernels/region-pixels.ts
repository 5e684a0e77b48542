/** The pixels around one face, in kernel memory: taken from a photo or a planar frame, and put back where changed. */
import { AppError } from '../../core/errors.ts';
import type { HdrTransfer, I420Frame, Region, RgbImage } from '../../core/image.ts';
import { changeDeep, type DeepFrame, showHdr } from '../frames/deep-pixels.ts';
import { isI420, type Picture } from '../frames/picture.ts';
import { yuvCoefficients } from '../frames/yuv-coefficients.ts';
import type { KernelBuffer, KernelMemory } from './kernel-memory.ts';
import type { Kernels } from './kernels.ts';

/** Kernels count pixels in 16.16 fixed point. */
const LARGEST_EDGE = 32767;

/** Which borders of the region are borders of the picture. */
export interface TouchedEdges {
  readonly left: boolean;
  readonly top: boolean;
  readonly right: boolean;
  readonly bottom: boolean;
}

/** An image in kernel memory. `data` is a new view whenever the memory has grown: read it once a step, not a pixel. */
export class KernelImage implements RgbImage {
  readonly #memory: KernelMemory;
  readonly #buffer: KernelBuffer;
  #width = 0;
  #height = 0;
  #data: Uint8Array = new Uint8Array(0);

  constructor(memory: KernelMemory) {
    this.#memory = memory;
    this.#buffer = memory.createBuffer();
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  /** Address of the first pixel. */
  get pointer(): number {
    return this.#buffer.pointer;
  }

  get data(): Uint8Array {
    const length = this.#width * this.#height * 3;
    const isCurrent =
      this.#data.buffer === this.#memory.bytes &&
      this.#data.byteOffset === this.pointer &&
      this.#data.length === length;
    if (!isCurrent) this.#data = this.#buffer.bytes(length);
    return this.#data;
  }

  /** Changes the size; the content is undefined afterwards. */
  resize(width: number, height: number): void {
    this.#buffer.reserve(width * height * 3);
    this.#width = width;
    this.#height = height;
  }
}

/** One region at a time. Memory grows to the largest region seen and is reused. */
export class RegionPixels {
  readonly kernels: Kernels;
  /** The region as it was. */
  readonly before: KernelImage;
  /** The same size; equal to `before` after `load`. */
  readonly out: KernelImage;
  readonly #planes: KernelBuffer;
  #picture: Picture | undefined;
  #region: Region = { x0: 0, y0: 0, x1: 0, y1: 0 };

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.before = new KernelImage(kernels.memory);
    this.out = new KernelImage(kernels.memory);
    this.#planes = kernels.memory.createBuffer();
  }

  get touches(): TouchedEdges {
    const { x0, y0, x1, y1 } = this.#region;
    const { width = x1, height = y1 } = this.#picture ?? {};
    return { left: x0 === 0, top: y0 === 0, right: x1 === width, bottom: y1 === height };
  }

  /**
   * Fills both images from a region of a picture, which is kept for `writeBack`.
   * @param region inside the picture; even coordinates for a planar frame
   * @throws INTERNAL when the region does not fit, INPUT_TOO_LARGE when it has more than 32767 pixels along an edge
   */
  load(picture: Picture, region: Region): void {
    checkRegion(picture, region);
    const width = region.x1 - region.x0;
    const height = region.y1 - region.y0;
    this.#picture = picture;
    this.#region = region;
    this.before.resize(width, height);
    this.out.resize(width, height);
    if (isDeep(picture) && picture.colour.hdr) this.#loadHdr(picture, picture.colour.hdr);
    else if (isI420(picture)) this.#loadPlanes(picture);
    else this.#loadRgb(picture);
  }

  /**
   * Writes `out` back to where it came from. Of a planar frame, a 2x2 block in which nothing differs from `before` keeps
   * its code values, and so does the luma of an unchanged pixel in a changed block; chroma of a changed block is the
   * mean of its four pixels. A frame with deep samples gets the difference between `out` and `before`.
   */
  writeBack(): void {
    const picture = this.#picture;
    if (!picture) return;
    if (isDeep(picture)) changeDeep(picture, this.#region, this.before.data, this.out.data);
    else if (isI420(picture)) this.#storePlanes(picture);
    else this.copyTo(picture, this.#region);
  }

  /**
   * Copies `out` into a picture.
   * @param region of `out`'s size, inside the picture
   */
  copyTo(picture: RgbImage, region: Region): void {
    checkRegion(picture, region);
    const row = this.out.width * 3;
    const { data: out } = this.out;
    for (let y = region.y0, from = 0; y < region.y1; y++, from += row) {
      picture.data.set(out.subarray(from, from + row), (y * picture.width + region.x0) * 3);
    }
  }

  #loadRgb({ data, width: stride }: RgbImage): void {
    const { x0, y0, y1 } = this.#region;
    const row = this.before.width * 3;
    const { data: before } = this.before;
    for (let y = y0, to = 0; y < y1; y++, to += row) {
      const from = (y * stride + x0) * 3;
      before.set(data.subarray(from, from + row), to);
    }
    this.out.data.set(before);
  }

  #loadHdr(frame: DeepFrame, hdr: HdrTransfer): void {
    const { data: before } = this.before;
    showHdr(frame, hdr, this.#region, before);
    this.out.data.set(before);
  }

  #loadPlanes(frame: I420Frame): void {
    const { width, height } = this.before;
    this.#planes.reserve(width * height * 1.5);
    const bytes = this.#planes.bytes(width * height * 1.5);
    this.#eachRow(frame, (inFrame, inRegion, length) => {
      bytes.set(frame.data.subarray(inFrame, inFrame + length), inRegion);
    });
    const k = yuvCoefficients(frame.colour);
    const { luma, u, v } = this.#planePointers();
    this.kernels.code.i420ToRgb(
      luma,
      u,
      v,
      this.before.pointer,
      this.out.pointer,
      width,
      height,
      k.lumaOffset,
      k.lumaScale,
      k.redFromV,
      k.greenFromU,
      k.greenFromV,
      k.blueFromU,
    );
  }

  #storePlanes(frame: I420Frame): void {
    const { width, height } = this.out;
    const k = yuvCoefficients(frame.colour);
    const { luma, u, v } = this.#planePointers();
    this.kernels.code.rgbToI420(
      this.out.pointer,
      this.before.pointer,
      luma,
      u,
      v,
      width,
      height,
      k.lumaOffset,
      k.yFromRed,
      k.yFromGreen,
      k.yFromBlue,
      k.uFromRed,
      k.uFromGreen,
      k.uFromBlue,
      k.vFromRed,
      k.vFromGreen,
      k.vFromBlue,
    );
    const bytes = this.#planes.bytes(width * height * 1.5);
    this.#eachRow(frame, (inFrame, inRegion, length) => {
      frame.data.set(bytes.subarray(inRegion, inRegion + length), inFrame);
    });
  }

  #planePointers(): { readonly luma: number; readonly u: number; readonly v: number } {
    const count = this.before.width * this.before.height;
    const luma = this.#planes.pointer;
    return { luma, u: luma + count, v: luma + count * 1.25 };
  }

  /** Every row of every plane of the region: where it begins in the frame and in the region's own planes. */
  #eachRow(frame: I420Frame, visit: (inFrame: number, inRegion: number, length: number) => void): void {
    const { x0, y0, x1, y1 } = this.#region;
    const width = x1 - x0;
    const count = frame.width * frame.height;
    let inRegion = 0;
    for (let y = y0; y < y1; y++, inRegion += width) visit(y * frame.width + x0, inRegion, width);
    const half = width / 2;
    const stride = frame.width / 2;
    for (const plane of [count, count * 1.25]) {
      for (let y = y0 / 2; y < y1 / 2; y++, inRegion += half) visit(plane + y * stride + x0 / 2, inRegion, half);
    }
  }
}

const isDeep = (picture: Picture): picture is DeepFrame => isI420(picture) && picture.deep !== undefined;

function checkRegion(picture: Picture, region: Region): void {
  const { x0, y0, x1, y1 } = region;
  const isInside = x0 >= 0 && y0 >= 0 && x0 < x1 && y0 < y1 && x1 <= picture.width && y1 <= picture.height;
  const isEven = ((x0 | y0 | x1 | y1) & 1) === 0;
  if (!isInside || (isI420(picture) && !isEven)) {
    throw new AppError('INTERNAL', 'Expected a region inside the picture, with even coordinates on a planar frame.', {
      details: { region, picture: [picture.width, picture.height] },
    });
  }
  if (x1 - x0 > LARGEST_EDGE || y1 - y0 > LARGEST_EDGE) {
    throw new AppError('INPUT_TOO_LARGE', `Expected a face with surroundings of at most ${LARGEST_EDGE} pixels.`, {
      hint: 'Use a smaller picture.',
      details: { region },
    });
  }
}
