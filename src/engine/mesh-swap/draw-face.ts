/** Draws the textured, relit face over the target; the loop is kernels/assembly/draw.ts. */
import type { KernelBuffer } from '../kernels/kernel-memory.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { KernelImage } from '../kernels/region-pixels.ts';
import { DARK_OFFSET } from './curves.ts';
import { type FaceRig, SURFACE_VERTEX_COUNT } from './rig.ts';
import type { DrawTexture } from './texture-pyramid.ts';
import { ATTRIBUTES } from './vertex-attributes.ts';

export interface DrawOptions {
  /** Share of the target's own fine grain that is laid over the texture, 0..1. */
  readonly grain: number;
  /** Share of the target's own skin chroma a pixel, 0..1; for two-coloured light. */
  readonly chroma: number;
}

/** Textures kept in kernel memory: several faces of a frame may each need another size. */
const KEPT_TEXTURES = 4;

export class FacePainter {
  readonly #kernels: Kernels;
  readonly #rig: FaceRig;
  readonly #triangles: KernelBuffer;
  readonly #vertices: KernelBuffer;
  readonly #scratch: KernelBuffer;
  /** Least recently used first. */
  readonly #textures = new Map<DrawTexture, KernelBuffer>();

  constructor(kernels: Kernels, rig: FaceRig) {
    this.#kernels = kernels;
    this.#rig = rig;
    this.#triangles = kernels.memory.createBuffer();
    this.#vertices = kernels.memory.createBuffer();
    this.#scratch = kernels.memory.createBuffer();
    this.#triangles.reserve(rig.triangles.byteLength);
    this.#triangles.bytes(rig.triangles.byteLength).set(bytesOf(rig.triangles));
    this.#scratch.reserve(kernels.code.drawScratchBytes(rig.triangleCount));
    this.#vertices.reserve(SURFACE_VERTEX_COUNT * ATTRIBUTES * Float32Array.BYTES_PER_ELEMENT);
  }

  /** The attributes that `draw` reads, `ATTRIBUTES` a vertex. Valid until kernel memory grows: fill it just before. */
  get vertices(): Float32Array {
    return this.#vertices.floats(SURFACE_VERTEX_COUNT * ATTRIBUTES);
  }

  /** Brings a texture into kernel memory, which may grow. */
  prepare(texture: DrawTexture): void {
    let buffer = this.#textures.get(texture);
    if (buffer) {
      this.#textures.delete(texture);
    } else {
      for (const [old, oldBuffer] of this.#textures) {
        if (this.#textures.size < KEPT_TEXTURES) break;
        oldBuffer.release();
        this.#textures.delete(old);
      }
      buffer = this.#kernels.memory.createBuffer();
      buffer.reserve(texture.data.byteLength);
      buffer.bytes(texture.data.byteLength).set(bytesOf(texture.data));
    }
    this.#textures.set(texture, buffer);
  }

  /**
   * Draws the face that `vertices` describe.
   * @param target the warped frame, read; @param out of the same size, written
   * @param texture prepared
   */
  draw(target: KernelImage, out: KernelImage, texture: DrawTexture, options: DrawOptions): void {
    this.#kernels.code.draw(
      target.pointer,
      out.pointer,
      out.width,
      out.height,
      this.#vertices.pointer,
      this.#triangles.pointer,
      this.#rig.triangleCount,
      this.#textures.get(texture)!.pointer,
      texture.size,
      texture.rowTexels,
      Math.round(options.grain * 256),
      Math.round(options.chroma * 256),
      DARK_OFFSET,
      this.#scratch.pointer,
    );
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
