/** Fills outlines of glyphs. Pure. */

/** Subsamples of a pixel in each direction. */
const SAMPLES = 4;
/** Straight pieces of a curve: glyphs are some hundred pixels high at most. */
const PIECES = 6;

/** Coverage 0..255, row by row. */
export interface Coverage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

type Point = readonly [x: number, y: number];

/**
 * Adds a filled path to `coverage`: whatever winds around a point fills it, so that strokes may overlap.
 * @param path   SVG commands M L Q C Z, absolute, y upwards
 * @param place  where the path's origin is in pixels, and pixels a unit
 */
export function fillPath(
  coverage: Coverage,
  path: string,
  { x, y, scale }: { readonly x: number; readonly y: number; readonly scale: number },
): void {
  const polygons = parsePath(path).map((points) => points.map(([px, py]): Point => [x + px * scale, y - py * scale]));
  const { data, width, height } = coverage;
  const counts = new Uint8Array(width);
  for (let row = 0; row < height; row++) {
    counts.fill(0);
    for (let sub = 0; sub < SAMPLES; sub++) {
      const crossings = crossingsAt(polygons, row + (sub + 0.5) / SAMPLES);
      let winding = 0;
      for (let at = 0; at + 1 < crossings.length; at++) {
        winding += crossings[at]![1];
        if (winding === 0) continue;
        const first = Math.max(0, Math.ceil(crossings[at]![0] * SAMPLES - 0.5));
        const end = Math.min(width * SAMPLES, Math.ceil(crossings[at + 1]![0] * SAMPLES - 0.5));
        for (let sample = first; sample < end; sample++) counts[Math.floor(sample / SAMPLES)]!++;
      }
    }
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const filled = Math.round((counts[column]! * 255) / (SAMPLES * SAMPLES));
      if (filled > data[at]!) data[at] = filled;
    }
  }
}

/** Where edges cross a line, from left to right, with their direction. */
function crossingsAt(polygons: readonly (readonly Point[])[], y: number): [x: number, direction: number][] {
  const found: [number, number][] = [];
  for (const points of polygons) {
    for (let at = 0; at < points.length; at++) {
      const [ax, ay] = points[at]!;
      const [bx, by] = points[(at + 1) % points.length]!;
      if (ay <= y === by <= y) continue;
      found.push([ax + ((y - ay) * (bx - ax)) / (by - ay), ay < by ? 1 : -1]);
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

/** Polygons of a path, curves in straight pieces. */
function parsePath(path: string): Point[][] {
  const polygons: Point[][] = [];
  for (const [, command, rest = ''] of path.matchAll(/([MLQCZ])([^MLQCZ]*)/g)) {
    const numbers = (rest.match(/-?\d+/g) ?? []).map(Number);
    const points = Array.from(
      { length: numbers.length / 2 },
      (_, at): Point => [numbers[2 * at]!, numbers[2 * at + 1]!],
    );
    if (command === 'M') polygons.push([points[0]!]);
    const polygon = polygons.at(-1)!;
    if (command === 'L') polygon.push(points[0]!);
    if (command !== 'Q' && command !== 'C') continue;
    const from = polygon.at(-1)!;
    for (let piece = 1; piece <= PIECES; piece++) polygon.push(bezier([from, ...points], piece / PIECES));
  }
  return polygons;
}

/** De Casteljau. */
function bezier(points: readonly Point[], t: number): Point {
  if (points.length === 1) return points[0]!;
  const next = points.slice(1).map(([x, y], at): Point => {
    const [px, py] = points[at]!;
    return [px + (x - px) * t, py + (y - py) * t];
  });
  return bezier(next, t);
}
