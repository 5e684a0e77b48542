import type { Region } from '../../core/image.ts';
import type { KernelBuffer } from '../kernels/kernel-memory.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { KernelImage, type RegionPixels } from '../kernels/region-pixels.ts';
import type { WarpField } from './warp-field.ts';

/** Displaces pictures by a field; keeps the displaced one. */
export class PixelWarp {
  /** The displaced picture, valid in the part that was kept. */
  readonly result: KernelImage;
  readonly #kernels: Kernels;
  readonly #nodes: KernelBuffer;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    this.#nodes = kernels.memory.createBuffer();
    this.result = new KernelImage(kernels.memory);
  }

  /**
   * Draws `before`, displaced by the field, into `out`: rows [y0, y1], columns [x0, x1] of the field.
   * @param part of `out` to keep in `result`
   */
  apply({ before, out }: RegionPixels, field: WarpField, part: Region): void {
    const { x0, y0, x1, y1, cell, columns, rows, backward } = field;
    const { width, height } = before;
    this.result.resize(width, height);
    this.#nodes.reserve(backward.byteLength);
    this.#nodes.floats(backward.length).set(backward);
    this.#kernels.code.warp(
      before.pointer,
      width,
      height,
      out.pointer,
      this.#nodes.pointer,
      columns,
      rows,
      cell,
      x0,
      y0,
      x1,
      y1,
    );
    this.#kernels.code.copyPart(out.pointer, this.result.pointer, width, part.x0, part.y0, part.x1, part.y1);
  }
}
