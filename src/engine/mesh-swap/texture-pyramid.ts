import { blur } from '../frames/blur.ts';
import type { FaceRig, UvGrid } from './rig.ts';

/** A texture ready to draw: RGBA, interleaved, 4.12 fixed point; RGB a ratio to the light, A the opacity. */
export interface DrawTexture {
  readonly size: number;
  /** Texels from one row to the next. */
  readonly rowTexels: number;
  readonly data: Int16Array;
}

/**
 * Texels between two rows. Rows a power of two of bytes apart would all want the same few places in the processor's
 * cache: drawing a face of 500 pixels took a third longer.
 */
const ROW_GAP = 8;

export interface TextureLevel {
  readonly size: number;
  /** RGBA, Float32. */
  readonly data: Float32Array;
}

/** Share of the map's width that the face takes, so that texels and pixels can be compared. */
const FACE_SHARE = 0.985;
const SMALLEST_LEVEL = 64;
/** Softness is rounded to steps of this many texels, which bounds the number of cached textures. */
const SOFTNESS_STEP = 0.25;

export class TexturePyramid {
  readonly levels: readonly TextureLevel[];
  readonly #drawn = new Map<string, DrawTexture>();

  constructor(levels: readonly TextureLevel[]) {
    this.levels = levels;
  }

  /**
   * The level that matches a face of this width, softened to the sharpness of the target.
   * @param faceWidthPixels of the target
   * @param softness sigma in target pixels, 0..1.2
   */
  textureFor(faceWidthPixels: number, softness: number): DrawTexture {
    let l = 0;
    while (l + 1 < this.levels.length && this.levels[l + 1].size * FACE_SHARE >= faceWidthPixels * 0.8) l++;
    const level = this.levels[l];
    const sigma = softness * ((level.size * FACE_SHARE) / faceWidthPixels);
    const rounded = Math.round(sigma / SOFTNESS_STEP) * SOFTNESS_STEP;
    const key = `${l}:${rounded}`;
    let texture = this.#drawn.get(key);
    if (texture) return texture;
    let { data } = level;
    if (rounded >= SOFTNESS_STEP) {
      const soft = blur(data, level.size, level.size, 4, rounded);
      for (let i = 3; i < soft.length; i += 4) soft[i] = data[i];
      data = soft;
    }
    texture = toDrawTexture(data, level.size);
    this.#drawn.set(key, texture);
    return texture;
  }

  /** The level of exactly this size, or the nearest smaller one. */
  level(size: number): TextureLevel {
    return this.levels.find((level) => level.size <= size) ?? this.levels[this.levels.length - 1];
  }
}

/** None of the values is negative, so that cutting off rounds. */
function toDrawTexture(from: Float32Array, size: number): DrawTexture {
  const rowTexels = size + ROW_GAP;
  const data = new Int16Array(size * rowTexels * 4);
  for (let y = 0, p = 0; y < size; y++) {
    const end = (y * rowTexels + size) * 4;
    for (let to = y * rowTexels * 4; to < end; to++, p++) data[to] = Math.min(7, from[p]) * 4096 + 0.5;
  }
  return { size, rowTexels, data };
}

/** Continues colours a few texels beyond the border, so that interpolation there finds skin and not black. */
function dilate(texture: Float32Array, grid: UvGrid, size: number): void {
  let known = Uint8Array.from(grid.triangle, (t) => (t >= 0 ? 1 : 0));
  for (let round = 0; round < 8; round++) {
    const next = known.slice();
    for (let y = 1; y < size - 1; y++) {
      for (let x = 1; x < size - 1; x++) {
        const i = y * size + x;
        if (known[i]) continue;
        let n = 0;
        const sum = [0, 0, 0];
        for (const j of [i - 1, i + 1, i - size, i + size]) {
          if (!known[j]) continue;
          n++;
          for (let c = 0; c < 3; c++) sum[c] += texture[j * 4 + c];
        }
        if (n === 0) continue;
        next[i] = 1;
        for (let c = 0; c < 3; c++) texture[i * 4 + c] = sum[c] / n;
      }
    }
    known = next;
  }
  for (let i = 0; i < size * size; i++) if (!known[i]) for (let c = 0; c < 3; c++) texture[i * 4 + c] = 1;
}

/** Builds the mip levels of an RGBA texture, which is given away. */
export function createTexturePyramid(rig: FaceRig, texture: Float32Array, size: number): TexturePyramid {
  dilate(texture, rig.grid(size), size);
  const levels: TextureLevel[] = [{ size, data: texture }];
  for (let large = size; large > SMALLEST_LEVEL; large >>= 1) {
    const from = levels[levels.length - 1].data;
    const small = large >> 1;
    const data = new Float32Array(small * small * 4);
    for (let y = 0; y < small; y++) {
      for (let x = 0; x < small; x++) {
        for (let c = 0; c < 4; c++) {
          const q = (y * 2 * large + x * 2) * 4 + c;
          data[(y * small + x) * 4 + c] = (from[q] + from[q + 4] + from[q + large * 4] + from[q + large * 4 + 4]) / 4;
        }
      }
    }
    levels.push({ size: small, data });
  }
  return new TexturePyramid(levels);
}
