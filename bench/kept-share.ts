/** Counts what an occlusion mask keeps and what it costs. */
import type { RgbImage } from '../src/core/image.ts';
import type { FaceMesh } from '../src/engine/faces/face.ts';
import { FACE_OVAL } from '../src/engine/mesh-swap/vertex-sets.ts';

/** From this sum of the three channels' differences on, a pixel counts as changed. */
const CHANGED = 18;
/** Alpha from which a pixel is the occluder's, and below which it is the face's. */
const COVERED = 230;
const BARE = 20;
/** A pixel is lost to the mask where less than this share of its change is left. */
const LEFT = 0.5;

export interface MaskComparison {
  /** The picture with the occluder, before any swap. */
  readonly image: RgbImage;
  readonly alpha: Uint8Array;
  /** The face as it was before something covered it: only pixels within its oval count. */
  readonly mesh: FaceMesh;
  /** Swaps of the covered picture, and of the bare one. */
  readonly without: RgbImage;
  readonly withMask: RgbImage;
  readonly bare: RgbImage;
}

export interface KeptShares {
  readonly keptWithout: number;
  readonly kept: number;
  /** Of the pixels that are swapped without a mask: how many the mask leaves as they were. */
  readonly faceLost: number;
  /** The same of the pixels that are swapped when nothing covers the face: also what the occluder's light spoils. */
  readonly unswapped: number;
}

/** Shares of pixels inside the face oval. @throws Error where nothing is covered, or nothing was swapped */
export function keptAndLost({ image, alpha, mesh, without, withMask, bare }: MaskComparison): KeptShares {
  const inside = ovalMask(mesh, image.width, image.height);
  const change = (result: RgbImage, i: number): number => {
    let sum = 0;
    for (let p = i * 3; p < i * 3 + 3; p++) sum += Math.abs(result.data[p] - image.data[p]);
    return sum;
  };
  let covered = 0;
  let keptWithout = 0;
  let kept = 0;
  const lost = new LossCount();
  const unswapped = new LossCount();
  for (let i = 0; i < alpha.length; i++) {
    if (!inside[i]) continue;
    const masked = change(withMask, i);
    if (alpha[i] > COVERED) {
      covered++;
      if (change(without, i) < CHANGED) keptWithout++;
      if (masked < CHANGED) kept++;
    } else if (alpha[i] < BARE) {
      lost.add(change(without, i), masked);
      // Bare pixels are the same in both pictures, so both changes count from the same values.
      unswapped.add(change(bare, i), masked);
    }
  }
  if (covered === 0) throw new Error('The occluder does not reach the face: there is nothing to keep.');
  return {
    keptWithout: keptWithout / covered,
    kept: kept / covered,
    faceLost: lost.share,
    unswapped: unswapped.share,
  };
}

/** Counts pixels that changed in one swap and changed much less in another. */
class LossCount {
  #changed = 0;
  #lost = 0;

  add(full: number, masked: number): void {
    if (full < CHANGED) return;
    this.#changed++;
    if (masked < full * LEFT) this.#lost++;
  }

  get share(): number {
    if (this.#changed === 0) throw new Error('The swap changed no bare pixel of the face: keeping says nothing.');
    return this.#lost / this.#changed;
  }
}

/** Share of the face oval that an occluder covers, 0..1. */
export function coveredShareOf(alpha: Uint8Array, mesh: FaceMesh, width: number, height: number): number {
  const inside = ovalMask(mesh, width, height);
  let total = 0;
  let covered = 0;
  for (let i = 0; i < alpha.length; i++) {
    if (!inside[i]) continue;
    total++;
    if (alpha[i] > COVERED) covered++;
  }
  return total === 0 ? 0 : covered / total;
}

/** 1 inside the oval: rows between crossings of its edges (even-odd rule). */
function ovalMask(mesh: FaceMesh, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const crossings: number[] = [];
    FACE_OVAL.forEach((vertex, i) => {
      const a = vertex * 3;
      const b = FACE_OVAL[(i + 1) % FACE_OVAL.length] * 3;
      if (mesh[a + 1] <= y === mesh[b + 1] <= y) return;
      const t = (y - mesh[a + 1]) / (mesh[b + 1] - mesh[a + 1]);
      crossings.push(mesh[a] + (mesh[b] - mesh[a]) * t);
    });
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i]));
      const to = Math.min(width, Math.floor(crossings[i + 1]) + 1);
      if (to > from) mask.fill(1, y * width + from, y * width + to);
    }
  }
  return mask;
}
