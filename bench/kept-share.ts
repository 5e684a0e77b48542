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
  readonly without: RgbImage;
  readonly withMask: RgbImage;
}

export interface KeptShares {
  readonly keptWithout: number;
  readonly kept: number;
  readonly faceLost: number;
}

/** Shares of pixels inside the face oval. @throws Error where nothing is covered, or nothing was swapped */
export function keptAndLost({ image, alpha, mesh, without, withMask }: MaskComparison): KeptShares {
  const inside = ovalMask(mesh, image.width, image.height);
  const change = (result: RgbImage, i: number): number => {
    let sum = 0;
    for (let p = i * 3; p < i * 3 + 3; p++) sum += Math.abs(result.data[p] - image.data[p]);
    return sum;
  };
  let covered = 0;
  let keptWithout = 0;
  let kept = 0;
  let swapped = 0;
  let lost = 0;
  for (let i = 0; i < alpha.length; i++) {
    if (!inside[i]) continue;
    const plain = change(without, i);
    const masked = change(withMask, i);
    if (alpha[i] > COVERED) {
      covered++;
      if (plain < CHANGED) keptWithout++;
      if (masked < CHANGED) kept++;
    } else if (alpha[i] < BARE && plain >= CHANGED) {
      swapped++;
      if (masked < plain * LEFT) lost++;
    }
  }
  if (covered === 0) throw new Error('The occluder does not reach the face: there is nothing to keep.');
  if (swapped === 0) throw new Error('The swap changed no bare pixel of the face: keeping says nothing.');
  return { keptWithout: keptWithout / covered, kept: kept / covered, faceLost: lost / swapped };
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
