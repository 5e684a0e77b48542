/**
 * Real hands, cut out of a sample photo by brightness. The product's hand models are used only to find where the hands
 * are; the outline comes from the photo, so the matte under test does not judge itself.
 */
import type { RgbImage } from '../src/core/image.ts';
import { type HandPoints, MIDDLE_BASE, palmWidthOf, WRIST } from '../src/engine/hands/hand.ts';
import { type HandFinder, openHandFinder } from '../src/engine/hands/hand-landmarks.ts';
import { openPalmDetector, type PalmDetector } from '../src/engine/hands/palms.ts';
import type { ModelStore } from '../src/engine/inference/session.ts';
import { readImage } from '../src/media/read-image.ts';
import { packagedFile } from './face-library.ts';

/** A hand on a transparent square. */
export interface HandCut {
  /** R, G, B, A, `size * size * 4`. */
  readonly rgba: Uint8Array;
  readonly size: number;
  readonly palmWidth: number;
  /** Mean colour of the hand, 0..255. */
  readonly colour: readonly [number, number, number];
  /** Direction from the wrist to the base of the middle finger, radians, 0 to the right, clockwise. */
  readonly direction: number;
}

const PHOTO = '@vladmandic/face-api/demo/sample2.jpg';
/** Middles of the three palms of the photo that lie on a dark ground. */
const PALMS = [
  [274, 386],
  [876, 1066],
  [414, 1132],
] as const;
const SEARCH_SIDE = 500;
/** A pixel belongs to the hand from this share of the knuckles' luma on; seeds must be a little brighter. */
const LEAST_LUMA = 0.42;
const LEAST_SEED_LUMA = 0.45;
/** And within so many palm widths of a bone: beyond lie an arm, a leg, a chin. */
const REACH = 0.23;
/** Palm widths from the middle of the hand to the edge of the square. */
const HALF_SQUARE = 2.6;
/** Skin is not bluer than red. */
const LEAST_RED_OVER_BLUE = 0.92;
/** Neighbouring landmarks, and the fan from the wrist that fills the palm. */
const BONES: readonly (readonly [number, number])[] = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
  [0, 5],
  [5, 6],
  [6, 7],
  [7, 8],
  [0, 9],
  [9, 10],
  [10, 11],
  [11, 12],
  [0, 13],
  [13, 14],
  [14, 15],
  [15, 16],
  [0, 17],
  [17, 18],
  [18, 19],
  [19, 20],
];
const KNUCKLES = [5, 9, 13, 17] as const;

/** Cuts the three hands. @throws Error when a hand is not found where it must be */
export async function cutHands(store: ModelStore): Promise<readonly HandCut[]> {
  const { image } = await readImage(packagedFile(PHOTO));
  const palms = await openPalmDetector(store);
  const finder = await openHandFinder(store);
  const cuts: HandCut[] = [];
  for (const [x, y] of PALMS) cuts.push(cutHand(image, await pointsAt(image, palms, finder, x, y)));
  return cuts;
}

async function pointsAt(
  image: RgbImage,
  palms: PalmDetector,
  finder: HandFinder,
  x: number,
  y: number,
): Promise<HandPoints> {
  const found = await palms.detect(image, { centreX: x, centreY: y, side: SEARCH_SIDE });
  const distance = (palm: (typeof found)[number]): number => Math.hypot(palm.hand.centreX - x, palm.hand.centreY - y);
  const [nearest] = found.toSorted((a, b) => distance(a) - distance(b));
  if (!nearest) throw new Error(`No palm was found at ${x}, ${y} of ${PHOTO}.`);
  return (await finder.find(image, nearest.hand)).points;
}

function cutHand(image: RgbImage, points: HandPoints): HandCut {
  const palmWidth = palmWidthOf(points);
  const size = 2 * Math.ceil(palmWidth * HALF_SQUARE);
  const left = Math.floor(points[MIDDLE_BASE * 3]) - size / 2;
  const top = Math.floor(points[MIDDLE_BASE * 3 + 1]) - size / 2;
  const alpha = floodHand(image, points, palmWidth, { left, top, size });
  const rgba = new Uint8Array(size * size * 4);
  const sums = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < size * size; i++) {
    if (!alpha[i]) continue;
    const p = ((Math.floor(i / size) + top) * image.width + (i % size) + left) * 3;
    for (let c = 0; c < 3; c++) {
      rgba[i * 4 + c] = image.data[p + c];
      sums[c] += image.data[p + c];
    }
    rgba[i * 4 + 3] = 255;
    count++;
  }
  const direction = Math.atan2(
    points[MIDDLE_BASE * 3 + 1] - points[WRIST * 3 + 1],
    points[MIDDLE_BASE * 3] - points[WRIST * 3],
  );
  return { rgba, size, palmWidth, colour: [sums[0] / count, sums[1] / count, sums[2] / count], direction };
}

interface Square {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** Grows the hand from its landmarks over pixels that are bright and warm enough. */
function floodHand(image: RgbImage, points: HandPoints, palmWidth: number, { left, top, size }: Square): Uint8Array {
  const lumaAt = (x: number, y: number): number => {
    const p = (Math.floor(y) * image.width + Math.floor(x)) * 3;
    return 0.299 * image.data[p] + 0.587 * image.data[p + 1] + 0.114 * image.data[p + 2];
  };
  const knuckles = KNUCKLES.map((k) => lumaAt(points[k * 3], points[k * 3 + 1])).sort((a, b) => a - b)[1];
  const isNear = (x: number, y: number): boolean =>
    BONES.some(([a, b]) => distanceToBone(points, a, b, x, y) < REACH * palmWidth);
  const belongs = (x: number, y: number): boolean => {
    if (x < 0 || y < 0 || x >= image.width || y >= image.height || !isNear(x, y)) return false;
    const p = (y * image.width + x) * 3;
    return lumaAt(x, y) >= LEAST_LUMA * knuckles && image.data[p] >= image.data[p + 2] * LEAST_RED_OVER_BLUE;
  };
  const alpha = new Uint8Array(size * size);
  const pending: number[] = [];
  for (let i = 0; i < points.length; i += 3) {
    const x = Math.floor(points[i]) - left;
    const y = Math.floor(points[i + 1]) - top;
    const isInside = x > 0 && y > 0 && x < size && y < size;
    if (isInside && lumaAt(points[i], points[i + 1]) > LEAST_SEED_LUMA * knuckles) pending.push(y * size + x);
  }
  for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
    const x = i % size;
    const y = Math.floor(i / size);
    if (alpha[i] || x < 1 || y < 1 || x > size - 2 || y > size - 2 || !belongs(x + left, y + top)) continue;
    alpha[i] = 1;
    pending.push(i - 1, i + 1, i - size, i + size);
  }
  return alpha;
}

/** Distance of a point to the segment between two landmarks, pixels. */
function distanceToBone(points: HandPoints, a: number, b: number, x: number, y: number): number {
  const ax = points[a * 3];
  const ay = points[a * 3 + 1];
  const dx = points[b * 3] - ax;
  const dy = points[b * 3 + 1] - ay;
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-9);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
