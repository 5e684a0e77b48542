/** What the swapper learns of a target face over time: its light, what may lie in front of it, its relief, its sharpness. */
import type { RgbImage } from '../../core/image.ts';
import type { Stateful } from '../../core/stateful.ts';
import type { FaceMesh } from '../faces/face.ts';
import { blur } from '../frames/blur.ts';
import { blend, DARK_OFFSET, smoothstep } from './curves.ts';
import { targetRelief } from './harmonics.ts';
import { LIGHT_SIGMA, lowBand, rimOutliers } from './light.ts';
import { type FaceRig, LIGHT_SIZE, sampleUv, texelU, texelV } from './rig.ts';
import type { TexturePyramid } from './texture-pyramid.ts';
import { type Unwrapped, unwrap } from './unwrap.ts';

/** Share of a new frame in the moving average of the light. */
const LIGHT_AVERAGE = 0.35;
/** Outliers, relief and tint are found anew every so many frames; between them the light follows alone. */
const REFRESH_FRAMES = 3;
/** Suspicion that the rim always has: the hairline and beards live there. */
const RIM_SUSPICION = 0.6;
/** How far around a feature the skin is asked, in texels, and the share of suspicion that begins to count, and fully. */
const ADOPTION_SIGMA = 3;
const ADOPTION = [0.35, 0.65] as const;
const SOFTNESS_CHOICES = [0, 0.3, 0.5, 0.7, 0.9, 1.2, 1.5];
const SOFTEST = 1.2;
/** Every so many texels are asked for their sharpness: thousands are left. */
const ENERGY_STEP = 3;
/** Edge of the masks that say where sharpness is compared. */
const MASK_SIZE = 128;

/** The texel of the coarse masks that holds one of a map twice as large, or as large. */
const maskTexel = (texel: number, size: number): number => {
  const shift = size > MASK_SIZE ? 1 : 0;
  const y = Math.floor(texel / size);
  return (y >> shift) * MASK_SIZE + ((texel - y * size) >> shift);
};

interface TargetLightState {
  readonly light: Float32Array;
  readonly suspicion: Float32Array;
  readonly relief: Float32Array;
  readonly coveredShare: number;
  readonly tint: number;
  readonly outliers: Float32Array | undefined;
  readonly softness: number | undefined;
  readonly frame: number;
}

export class TargetLight implements Stateful {
  light: Float32Array<ArrayBufferLike> = new Float32Array(0);
  suspicion: Float32Array = new Float32Array(0);
  relief: Float32Array = new Float32Array(0);
  /** Share of the inner face that does not look like its skin, 0..1. */
  coveredShare = 0;
  /** 0 even light .. 1 the light has two colours. */
  tint = 0;
  #outliers: Float32Array | undefined;
  #softness: number | undefined;
  #frame = 0;
  readonly #rig: FaceRig;
  readonly #unwrapped: Unwrapped = {
    colour: new Float32Array(LIGHT_SIZE * LIGHT_SIZE * 3),
    facing: new Float32Array(LIGHT_SIZE * LIGHT_SIZE),
  };
  #skinAround: Float32Array | undefined;
  readonly #weight = new Float32Array(LIGHT_SIZE * LIGHT_SIZE);

  constructor(rig: FaceRig) {
    this.#rig = rig;
  }

  /** Follows the light of one frame. `cover` takes texels out of the estimate, in place: a hand in front of the face. */
  update(
    image: RgbImage,
    mesh: FaceMesh,
    normals: Float32Array,
    facing: Float32Array,
    cover?: (weight: Float32Array) => void,
  ): void {
    const rig = this.#rig;
    const masks = rig.masks(LIGHT_SIZE);
    const { colour, facing: texelFacing } = unwrap(rig, image, mesh, LIGHT_SIZE, facing, this.#unwrapped);
    const weight = this.#weight;
    for (let i = 0; i < weight.length; i++) weight[i] = masks.skin[i] * smoothstep(0.05, 0.45, texelFacing[i]);
    cover?.(weight);
    const first = this.#outliers === undefined;
    const fresh = first || this.#frame % REFRESH_FRAMES === 0;
    this.#frame++;
    const { light, outliers } = lowBand(colour, weight, LIGHT_SIZE, fresh ? undefined : this.#outliers);
    this.#outliers = outliers;
    if (first) this.light = light;
    else blend(this.light, light, LIGHT_AVERAGE);
    if (!fresh) return;
    const suspicion = this.#findSuspicion(outliers);
    const relief = targetRelief(rig, normals, colour, weight, LIGHT_SIZE, LIGHT_SIGMA * LIGHT_SIZE, DARK_OFFSET);
    const tint = this.#findTint();
    if (first) {
      this.suspicion = suspicion;
      this.relief = relief;
      this.tint = tint;
    } else {
      blend(this.suspicion, suspicion, 0.5);
      blend(this.relief, relief, 0.4);
      this.tint += 0.3 * (tint - this.tint);
    }
  }

  #findSuspicion(outliers: Float32Array): Float32Array {
    const { rim } = this.#rig.masks(LIGHT_SIZE);
    const suspicion = rimOutliers(this.#rig, outliers, LIGHT_SIZE, 1.3, 2.2);
    let inner = 0;
    let covered = 0;
    for (const i of this.#rig.grid(LIGHT_SIZE).texels) {
      if (rim[i] > 0.2) continue;
      inner++;
      covered += suspicion[i];
    }
    this.coveredShare = covered / inner;
    this.#adoptAtFeatures(suspicion);
    for (const i of this.#rig.grid(LIGHT_SIZE).texels) {
      if (rim[i] > 0.8) suspicion[i] = Math.max(suspicion[i], RIM_SUSPICION * rim[i]);
    }
    return suspicion;
  }

  /**
   * Eyes, brows and lips cannot be told from what lies over them by their colour: they take the verdict of the skin
   * around them. Lids are dark by nature: what only grew into them from the temples does not count.
   */
  #adoptAtFeatures(suspicion: Float32Array): void {
    const { skin, features, eyes } = this.#rig.masks(LIGHT_SIZE);
    const around = blur(
      suspicion.map((value, i) => value * skin[i]),
      LIGHT_SIZE,
      LIGHT_SIZE,
      1,
      ADOPTION_SIGMA,
    );
    this.#skinAround ??= blur(skin, LIGHT_SIZE, LIGHT_SIZE, 1, ADOPTION_SIGMA);
    const weight = this.#skinAround;
    for (const i of this.#rig.grid(LIGHT_SIZE).texels) {
      const verdict = smoothstep(ADOPTION[0], ADOPTION[1], around[i] / (weight[i] + 0.02));
      suspicion[i] = Math.max(suspicion[i] * (1 - eyes[i]), Math.max(features[i], eyes[i]) * verdict);
    }
  }

  /** Spread of the light's chroma over the skin. */
  #findTint(): number {
    const { skin } = this.#rig.masks(LIGHT_SIZE);
    let n = 0;
    const sum = [0, 0];
    const squares = [0, 0];
    for (const i of this.#rig.grid(LIGHT_SIZE).texels) {
      if (skin[i] <= 0.5) continue;
      const green = Math.log(this.light[i * 3 + 1] + DARK_OFFSET);
      const chroma = [
        Math.log(this.light[i * 3] + DARK_OFFSET) - green,
        Math.log(this.light[i * 3 + 2] + DARK_OFFSET) - green,
      ];
      n++;
      for (let c = 0; c < 2; c++) {
        sum[c] += chroma[c];
        squares[c] += chroma[c] * chroma[c];
      }
    }
    if (n === 0) return 0;
    const variance = (c: number): number => squares[c] / n - (sum[c] / n) ** 2;
    return smoothstep(0.06, 0.16, Math.sqrt(Math.max(0, variance(0) + 0.5 * variance(1))));
  }

  /**
   * Blur, in target pixels, that makes the texture as sharp as the target; found once a track.
   * Compares the energy of the finest band of green on skin and features.
   */
  softness(image: RgbImage, mesh: FaceMesh, facing: Float32Array, width: number, texture: TexturePyramid): number {
    if (this.#softness !== undefined) return this.#softness;
    const rig = this.#rig;
    const level = texture.level(width > 300 ? 256 : 128);
    const size = level.size;
    const { texels, triangle } = rig.grid(size);
    // Coarse masks, which exist already: at this size they would take a sixth of a second.
    const { openings, borderDistance } = rig.masks(MASK_SIZE);
    const inner: number[] = [];
    for (let n = 0; n < texels.length; n += ENERGY_STEP) {
      const i = texels[n];
      const mask = maskTexel(i, size);
      if (openings[mask] <= 0.8 || borderDistance[mask] <= 0.06) continue;
      if (facing[rig.triangles[triangle[i] * 3]] > 0.5) inner.push(i);
    }
    const energy = (plane: Float32Array): number => {
      const low = blur(plane, size, size, 1, 1, 2);
      let sum = 0;
      for (const i of inner) sum += Math.abs(plane[i] - low[i]);
      return sum / Math.max(1, inner.length);
    };
    const { colour } = unwrap(rig, image, mesh, size, facing);
    const target = new Float32Array(size * size);
    const own = new Float32Array(size * size);
    for (let n = 0; n < texels.length; n++) {
      const i = texels[n];
      const light = sampleUv(this.light, LIGHT_SIZE, 3, texelU(i, size), texelV(i, size), 1);
      target[i] = (colour[i * 3 + 1] + DARK_OFFSET) / (light + DARK_OFFSET);
      own[i] = level.data[i * 4 + 1];
    }
    const wanted = energy(target);
    let best = 0;
    let smallest = Number.POSITIVE_INFINITY;
    for (const softness of SOFTNESS_CHOICES) {
      const drawn = softness ? blur(own, size, size, 1, Math.max(0.35, (softness * size) / width), 2) : own;
      const difference = Math.abs(Math.log((energy(drawn) + 1e-4) / (wanted + 1e-4)));
      if (difference < smallest) {
        smallest = difference;
        best = softness;
      }
    }
    this.#softness = Math.min(SOFTEST, best);
    return this.#softness;
  }

  save(): TargetLightState {
    const { light, suspicion, relief, coveredShare, tint } = this;
    const own = { outliers: this.#outliers, softness: this.#softness, frame: this.#frame };
    return structuredClone({ light, suspicion, relief, coveredShare, tint, ...own });
  }

  restore(state: unknown): void {
    const { light, suspicion, relief, coveredShare, tint, ...own } = structuredClone(state as TargetLightState);
    Object.assign(this, { light, suspicion, relief, coveredShare, tint });
    this.#outliers = own.outliers;
    this.#softness = own.softness;
    this.#frame = own.frame;
  }
}
