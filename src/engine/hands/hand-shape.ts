/** The silhouette of hands, drawn as capsules around their bones. */
import { HAND_POINT_COUNT, type HandPoints, MIDDLE_BASE, palmWidthOf, WRIST } from './hand.ts';

/** Pairs of neighbouring landmarks along the fingers. */
const FINGER_BONES: readonly (readonly [number, number])[] = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
  [5, 6],
  [6, 7],
  [7, 8],
  [9, 10],
  [10, 11],
  [11, 12],
  [13, 14],
  [14, 15],
  [15, 16],
  [17, 18],
  [18, 19],
  [19, 20],
];
/** Thickness at each landmark, half of it, in palm widths; measured by eye on photos of hands. */
const RADIUS: readonly number[] = [
  0.34, 0.3, 0.22, 0.19, 0.16, 0.22, 0.18, 0.165, 0.14, 0.22, 0.185, 0.165, 0.14, 0.21, 0.17, 0.155, 0.13, 0.2, 0.155,
  0.14, 0.12,
];
/** Landmarks around the palm. */
const PALM = [0, 1, 5, 9, 13, 17] as const;
/** The forearm goes on from the wrist by this many palm widths. */
const FOREARM = 1.2;
/** Width of the soft rim in palm widths, and at least one cell. */
const RIM = 0.04;

/** A grid of cells over a part of the picture. */
export interface ShapeGrid {
  /** Pixel of the picture at the first cell. */
  readonly x0: number;
  readonly y0: number;
  /** Pixels to a cell. */
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws hands into a grid.
 * @param out `width * height`, 0..1; must be zero where nothing is drawn
 * @returns width of the widest palm in cells, 0 when no hand touches the grid
 */
export function drawHands(hands: readonly HandPoints[], grid: ShapeGrid, out: Float32Array): number {
  let widest = 0;
  for (const hand of hands) {
    const x = new Float32Array(HAND_POINT_COUNT);
    const y = new Float32Array(HAND_POINT_COUNT);
    for (let i = 0; i < HAND_POINT_COUNT; i++) {
      x[i] = (hand[i * 3]! - grid.x0) / grid.step;
      y[i] = (hand[i * 3 + 1]! - grid.y0) / grid.step;
    }
    const palm = palmWidthOf(hand) / grid.step;
    const rim = Math.max(1, RIM * palm);
    let touches = false;
    const capsule = (ax: number, ay: number, bx: number, by: number, ra: number, rb: number): void => {
      if (drawCapsule(out, grid.width, grid.height, ax, ay, bx, by, ra * palm, rb * palm, rim)) touches = true;
    };
    for (const [a, b] of FINGER_BONES) capsule(x[a]!, y[a]!, x[b]!, y[b]!, RADIUS[a]!, RADIUS[b]!);
    const middleX = PALM.reduce<number>((sum, i) => sum + x[i]!, 0) / PALM.length;
    const middleY = PALM.reduce<number>((sum, i) => sum + y[i]!, 0) / PALM.length;
    PALM.forEach((a, i) => {
      const b = PALM[(i + 1) % PALM.length]!;
      capsule(x[a]!, y[a]!, x[b]!, y[b]!, 0.22, 0.22);
      capsule(x[a]!, y[a]!, middleX, middleY, 0.22, 0.3);
      capsule((x[a]! + x[b]!) / 2, (y[a]! + y[b]!) / 2, middleX, middleY, 0.24, 0.3);
    });
    const armX = x[WRIST]! - x[MIDDLE_BASE]!;
    const armY = y[WRIST]! - y[MIDDLE_BASE]!;
    const reach = (FOREARM * palm) / (Math.hypot(armX, armY) || 1);
    capsule(x[WRIST]!, y[WRIST]!, x[WRIST]! + armX * reach, y[WRIST]! + armY * reach, 0.36, 0.42);
    if (touches) widest = Math.max(widest, palm);
  }
  return widest;
}

/** Draws a bone whose thickness changes from end to end, keeping the larger value. True when it touched a cell. */
function drawCapsule(
  out: Float32Array,
  width: number,
  height: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  ra: number,
  rb: number,
  rim: number,
): boolean {
  const margin = Math.max(ra, rb) + rim + 1;
  const fromX = Math.max(0, Math.floor(Math.min(ax, bx) - margin));
  const toX = Math.min(width - 1, Math.ceil(Math.max(ax, bx) + margin));
  const fromY = Math.max(0, Math.floor(Math.min(ay, by) - margin));
  const toY = Math.min(height - 1, Math.ceil(Math.max(ay, by) + margin));
  const dx = bx - ax;
  const dy = by - ay;
  const inverse = 1 / (dx * dx + dy * dy + 1e-6);
  let touched = false;
  for (let y = fromY; y <= toY; y++) {
    for (let x = fromX; x <= toX; x++) {
      const along = ((x - ax) * dx + (y - ay) * dy) * inverse;
      const t = along < 0 ? 0 : along > 1 ? 1 : along;
      const u = x - ax - t * dx;
      const v = y - ay - t * dy;
      const outside = Math.sqrt(u * u + v * v) - (ra + (rb - ra) * t);
      const value = 0.5 - outside / (2 * rim);
      const at = y * width + x;
      if (value > out[at]!) {
        out[at] = value > 1 ? 1 : value;
        touched = true;
      }
    }
  }
  return touched;
}
