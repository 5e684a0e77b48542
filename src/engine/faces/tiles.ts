import type { Region } from '../../core/image.ts';

/** A square piece of a picture for the detector to look at. */
export interface Tile {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  /** True where a border of the tile that lies inside the picture cuts the box. */
  isCutBy(box: Region): boolean;
}

/** Neighbours share this part of their side, so that a face at a border is whole in one of them. */
const OVERLAP = 0.25;
/**
 * Grids, in tiles along the longer side. Each finds faces half as large as the one before; measured on a 1920-pixel
 * photo: faces of 165 pixels and above, then 83, 41 and 21.
 */
const GRIDS = [1, 2, 4, 8] as const;
/** A box this close to a tile's border, relative to the box, counts as cut. */
const CUT_MARGIN = 0.05;
/** Tiles shorter than this would only magnify the picture. */
const SMALLEST_SIDE = 256;

/** Side of a tile when `count` of them span `length` with their overlap. */
const sideOf = (length: number, count: number): number => length / (count - (count - 1) * OVERLAP);

/** Tiles along the longer side of a picture of this size that bring its small faces within reach: 1, 2, 4 or 8. */
export function finestGridFor(width: number, height: number): number {
  const longer = Math.max(width, height);
  return GRIDS.filter((count) => count === 1 || sideOf(longer, count) >= SMALLEST_SIDE).at(-1)!;
}

/**
 * The whole picture first, then ever finer grids of squares.
 * @param finest tiles along the longer side in the last grid, 1..8; the shorter side has as many as it takes
 */
export function tilesOf(width: number, height: number, finest = finestGridFor(width, height)): Tile[] {
  const longer = Math.max(width, height);
  const tiles: Tile[] = [];
  for (const count of new Set([...GRIDS.filter((grid) => grid < finest), Math.max(1, finest)])) {
    const side = sideOf(longer, count);
    for (const y of centres(height, side)) {
      for (const x of centres(width, side)) tiles.push(createTile(width, height, x, y, side));
    }
  }
  return tiles;
}

/** Middles of the tiles along one side, spread evenly from border to border. */
function centres(length: number, side: number): number[] {
  if (length <= side) return [(length - 1) / 2];
  const count = Math.ceil((length / side - OVERLAP) / (1 - OVERLAP) - 1e-9);
  return Array.from({ length: count }, (_, i) => side / 2 - 0.5 + (i * (length - side)) / (count - 1));
}

function createTile(width: number, height: number, centreX: number, centreY: number, side: number): Tile {
  const x0 = centreX - side / 2;
  const y0 = centreY - side / 2;
  return {
    centreX,
    centreY,
    side,
    isCutBy(box) {
      const margin = CUT_MARGIN * Math.max(box.x1 - box.x0, box.y1 - box.y0);
      return (
        (x0 > 0 && box.x0 < x0 + margin) ||
        (y0 > 0 && box.y0 < y0 + margin) ||
        (x0 + side < width - 1 && box.x1 > x0 + side - margin) ||
        (y0 + side < height - 1 && box.y1 > y0 + side - margin)
      );
    },
  };
}
