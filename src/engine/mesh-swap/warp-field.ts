/** The displacement of the frame around a face that moves its proportions, on a coarse grid. */
import type { FaceMesh } from '../faces/face.ts';
import { blur } from '../frames/blur.ts';
import type { TouchedEdges } from '../kernels/region-pixels.ts';
import { clamp } from './curves.ts';
import { faceWidth } from './geometry.ts';
import type { Similarity3 } from './procrustes.ts';
import { SURFACE_VERTEX_COUNT } from './rig.ts';

/** How far around the face the frame may move, in face widths. */
export const WARP_MARGIN = 0.35;
/** Grid cells across a face. */
const CELLS_ACROSS = 32;
/** Cells over which the displacement fades out towards the inner border of the grid. */
const FADE_CELLS = 5;

export interface WarpField {
  readonly x0: number;
  readonly y0: number;
  /** Inclusive. */
  readonly x1: number;
  readonly y1: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  /** Forward displacement in pixels, two a node. */
  readonly forward: Float32Array;
  /** Where each node's pixel comes from, relative to it. */
  readonly backward: Float32Array;
  /** Largest displacement of a vertex, pixels. */
  readonly reach: number;
}

/** Bilinear sample of a two-channel node map. */
function sampleNodes(map: Float32Array, columns: number, rows: number, x: number, y: number, channel: number): number {
  const gx = clamp(x, 0, columns - 1.001);
  const gy = clamp(y, 0, rows - 1.001);
  const ix = gx | 0;
  const iy = gy | 0;
  const fx = gx - ix;
  const fy = gy - iy;
  const p = (iy * columns + ix) * 2 + channel;
  const q = p + columns * 2;
  return (map[p] * (1 - fx) + map[p + 2] * fx) * (1 - fy) + (map[q] * (1 - fx) + map[q + 2] * fx) * fy;
}

/**
 * Inverse of a node map by three fixed-point rounds; displacements are far below the distance over which they change.
 * The first round looks at the node itself.
 */
function invert(forward: Float32Array, columns: number, rows: number, cell: number): Float32Array {
  const backward = new Float32Array(forward.length);
  const inverse = 1 / cell;
  const right = columns - 1.001;
  const bottom = rows - 1.001;
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i += 2) {
      let bx = -forward[i];
      let by = -forward[i + 1];
      for (let round = 1; round < 3; round++) {
        const gx = clamp(x + bx * inverse, 0, right);
        const gy = clamp(y + by * inverse, 0, bottom);
        const ix = gx | 0;
        const iy = gy | 0;
        const fx = gx - ix;
        const fy = gy - iy;
        const p = (iy * columns + ix) * 2;
        const q = p + columns * 2;
        bx =
          (forward[p] * (fx - 1) - forward[p + 2] * fx) * (1 - fy) + (forward[q] * (fx - 1) - forward[q + 2] * fx) * fy;
        by =
          (forward[p + 1] * (fx - 1) - forward[p + 3] * fx) * (1 - fy) +
          (forward[q + 1] * (fx - 1) - forward[q + 3] * fx) * fy;
      }
      backward[i] = bx;
      backward[i + 1] = by;
    }
  }
  return backward;
}

/**
 * Spreads a shape difference over the part of the frame around a face.
 * @param difference 468 x 3, canonical frame of the target's identity shape
 * @param pose       canonical frame -> image
 * @param facing     z of the vertices' normals: what faces away pulls less
 * @param strength   0..1
 * @param width      of the part; coordinates count from its corner
 * @param touches    where its border is the frame's
 */
export function createWarpField(
  mesh: FaceMesh,
  difference: Float32Array,
  pose: Similarity3,
  facing: Float32Array,
  strength: number,
  width: number,
  height: number,
  touches: TouchedEdges,
): WarpField {
  const size = faceWidth(mesh);
  const cell = Math.max(3, Math.round(size / CELLS_ACROSS));
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < SURFACE_VERTEX_COUNT * 3; i += 3) {
    left = Math.min(left, mesh[i]);
    right = Math.max(right, mesh[i]);
    top = Math.min(top, mesh[i + 1]);
    bottom = Math.max(bottom, mesh[i + 1]);
  }
  const pad = size * WARP_MARGIN;
  const x0 = Math.max(0, Math.floor(left - pad));
  const y0 = Math.max(0, Math.floor(top - pad));
  const x1 = Math.min(width - 2, Math.ceil(right + pad));
  const y1 = Math.min(height - 2, Math.ceil(bottom + pad));
  const columns = Math.ceil((x1 - x0) / cell) + 3;
  const rows = Math.ceil((y1 - y0) / cell) + 3;

  // x, y, weight, unused: four channels blur fastest.
  const splat = new Float32Array(columns * rows * 4);
  const { rotation: r, scale } = pose;
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
    const d = i * 3;
    const dx = scale * (r[0] * difference[d] + r[1] * difference[d + 1] + r[2] * difference[d + 2]) * strength;
    const dy = scale * (r[3] * difference[d] + r[4] * difference[d + 1] + r[5] * difference[d + 2]) * strength;
    const gx = (mesh[d] - x0) / cell;
    const gy = (mesh[d + 1] - y0) / cell;
    const ix = Math.floor(gx);
    const iy = Math.floor(gy);
    if (ix < 0 || iy < 0 || ix >= columns - 1 || iy >= rows - 1) continue;
    const fx = gx - ix;
    const fy = gy - iy;
    const weight = Math.max(0.05, facing[i]);
    for (let corner = 0; corner < 4; corner++) {
      const w = weight * (corner & 1 ? fx : 1 - fx) * (corner & 2 ? fy : 1 - fy);
      const p = ((iy + (corner >> 1)) * columns + ix + (corner & 1)) * 4;
      splat[p] += dx * w;
      splat[p + 1] += dy * w;
      splat[p + 2] += w;
    }
  }
  const atLeft = touches.left && x0 === 0;
  const atTop = touches.top && y0 === 0;
  const atRight = touches.right && x1 === width - 2;
  const atBottom = touches.bottom && y1 === height - 2;
  const near = blur(splat, columns, rows, 4, 1.6);
  const far = blur(splat, columns, rows, 4, 3.5);
  const forward = new Float32Array(columns * rows * 2);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const i = y * columns + x;
      // Still at the border of the grid, so that the warped part joins the rest of the frame; not at the frame's own.
      const inside = Math.min(
        atLeft ? FADE_CELLS : x,
        atTop ? FADE_CELLS : y,
        atRight ? FADE_CELLS : columns - 2 - x,
        atBottom ? FADE_CELLS : rows - 2 - y,
      );
      const fade = clamp(inside / FADE_CELLS, 0, 1) / (near[i * 4 + 2] + 0.02);
      const tail = 0.02 / (far[i * 4 + 2] + 0.015);
      forward[i * 2] = fade * (near[i * 4] + tail * far[i * 4]);
      forward[i * 2 + 1] = fade * (near[i * 4 + 1] + tail * far[i * 4 + 1]);
    }
  }

  const backward = invert(forward, columns, rows, cell);
  let reach = 0;
  for (let i = 0; i < forward.length; i++) reach = Math.max(reach, Math.abs(forward[i]));
  return { x0, y0, x1, y1, cell, columns, rows, forward, backward, reach };
}

/** The mesh moved by the field; irises move along. */
export function moveMesh(field: WarpField, mesh: FaceMesh): FaceMesh {
  const moved = Float32Array.from(mesh);
  const { x0, y0, cell, columns, rows, forward } = field;
  for (let i = 0; i < mesh.length; i += 3) {
    const gx = (mesh[i] - x0) / cell;
    const gy = (mesh[i + 1] - y0) / cell;
    moved[i] += sampleNodes(forward, columns, rows, gx, gy, 0);
    moved[i + 1] += sampleNodes(forward, columns, rows, gx, gy, 1);
  }
  return moved;
}
