/** Strokes of a pencil as a tile that fits to itself on all sides. */

/** Edge of a tile in strokes' own pixels: those of a frame of 720 lines. */
export const TILE = 256;

/** How often a stroke crosses the tile across and down: directions as a right hand draws them, then against them. */
const LAYERS = [
  { across: 27, down: 33, seed: 1 },
  { across: -30, down: 29, seed: 2 },
  { across: 4, down: 44, seed: 3 },
] as const;

/** Tiles of three layers, the lightest first: 0 paper, 1 the full stroke. Owned by the caller. */
export const createHatchTiles = (): Float32Array[] =>
  LAYERS.map(({ across, down, seed }) => {
    const tile = new Float32Array(TILE * TILE);
    const turn = (2 * Math.PI) / TILE;
    for (let y = 0, at = 0; y < TILE; y++) {
      for (let x = 0; x < TILE; x++, at++) {
        // A hand is not steady: strokes bend, and press more here and less there.
        const bend =
          0.9 * Math.sin(turn * (2 * x + 3 * y) + seed) + 0.6 * Math.sin(turn * (5 * x - 4 * y) + 2.1 * seed);
        const press =
          0.72 + 0.2 * Math.sin(turn * (3 * y - 2 * x) + 1.7 * seed) + 0.12 * Math.sin(turn * (11 * x + 7 * y) + seed);
        const wave = Math.sin(turn * (across * x + down * y) + bend);
        tile[at] = Math.min(1, Math.max(0, (wave + 0.55) / 1.3)) * press * (0.85 + 0.3 * grain(x, y, seed));
      }
    }
    return tile;
  });

/** A number 0..1 for each pixel, the same every time. */
export function grain(x: number, y: number, seed: number): number {
  let hash = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2147483647);
  hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}
