/** Turns a head in the picture: the face as its mesh says, and what is around it less and less. */
import type { Region } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import type { KernelBuffer } from '../kernels/kernel-memory.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { KernelImage, TouchedEdges } from '../kernels/region-pixels.ts';
import { clamp, smoothstep } from '../mesh-swap/curves.ts';
import { faceWidth } from '../mesh-swap/geometry.ts';
import { SURFACE_VERTEX_COUNT } from '../mesh-swap/rig.ts';
import { FACE_OVAL } from '../mesh-swap/vertex-sets.ts';
import { createWarpField, type WarpField } from '../mesh-swap/warp-field.ts';
import { headFrame } from './head-frame.ts';

/** Radians. Pitch > 0 lifts the chin, yaw > 0 turns to the image's right, roll > 0 tilts clockwise. */
export interface HeadTurn {
  readonly pitch: number;
  readonly yaw: number;
  readonly roll: number;
}

/** How far around the face the picture may move, in widths of the face from its middle. */
export const TURN_MARGIN = 1.25;
/** A tilt is whole up to here, hair included, and over at the margin: widths of the face from its middle. */
const TILT_WHOLE = 0.65;
const TILT_NONE = 1.7;
/** Cells across a face. */
const CELLS_ACROSS = 32;
/** The border of the picture stays; from there, in widths of the face. */
const BORDER = 0.25;

const IDENTITY = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], scale: 1, from: [0, 0, 0], to: [0, 0, 0] } as const;

/** The middle of the border of the face, about which it turns: hair and neck then stay where they are. */
function pivotOf(mesh: FaceMesh): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (const vertex of FACE_OVAL) for (let k = 0; k < 3; k++) sum[k] += mesh[vertex * 3 + k] / FACE_OVAL.length;
  return sum;
}

/** Displacement of each vertex in the picture by pitch and yaw, x, y, 0. */
function turnedBy(mesh: FaceMesh, { pitch, yaw }: HeadTurn): Float32Array {
  const { right, down } = headFrame(mesh);
  const forward = [
    right[1] * down[2] - right[2] * down[1],
    right[2] * down[0] - right[0] * down[2],
    right[0] * down[1] - right[1] * down[0],
  ];
  const pivot = pivotOf(mesh);
  const difference = new Float32Array(SURFACE_VERTEX_COUNT * 3);
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  for (let i = 0; i < difference.length; i += 3) {
    const offset = [mesh[i] - pivot[0], mesh[i + 1] - pivot[1], mesh[i + 2] - pivot[2]];
    const inHead = (axis: readonly number[]): number => axis[0] * offset[0] + axis[1] * offset[1] + axis[2] * offset[2];
    const [x, y, z] = [inHead(right), inHead(down), inHead(forward)];
    // Away from the camera is positive: the nose has a negative z and goes where the head turns.
    const x1 = cy * x - sy * z;
    const z1 = sy * x + cy * z;
    const y1 = cp * y + sp * z1;
    const z2 = -sp * y + cp * z1;
    const [dx, dy, dz] = [x1 - x, y1 - y, z2 - z];
    difference[i] = dx * right[0] + dy * down[0] + dz * forward[0];
    difference[i + 1] = dx * right[1] + dy * down[1] + dz * forward[1];
  }
  return difference;
}

export class HeadWarp {
  readonly #kernels: Kernels;
  readonly #nodes: KernelBuffer;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    this.#nodes = kernels.memory.createBuffer();
  }

  /** Draws `from`, turned, into `to`, which has its size. */
  apply(from: KernelImage, to: KernelImage, mesh: FaceMesh, turn: HeadTurn, touches: TouchedEdges): void {
    const { width, height } = from;
    const size = faceWidth(mesh);
    const facing = new Float32Array(SURFACE_VERTEX_COUNT).fill(1);
    const field =
      turn.pitch === 0 && turn.yaw === 0
        ? undefined
        : createWarpField(mesh, turnedBy(mesh, turn), IDENTITY, facing, 1, width, height, touches);
    const cell = Math.max(3, Math.round(size / CELLS_ACROSS));
    const area: Region = { x0: 0, y0: 0, x1: width - 2, y1: height - 2 };
    const columns = Math.ceil(area.x1 / cell) + 3;
    const rows = Math.ceil(area.y1 / cell) + 3;
    const [pivotX, pivotY] = pivotOf(mesh);
    this.#nodes.reserve(columns * rows * 8);
    const nodes = this.#nodes.floats(columns * rows * 2);
    const edge = BORDER * size;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, at += 2) {
        const [x, y] = [column * cell, row * cell];
        const [dx, dy] = [x - pivotX, y - pivotY];
        const inside = Math.min(x, y, width - 1 - x, height - 1 - y);
        const share = smoothstep(TILT_NONE, TILT_WHOLE, Math.hypot(dx, dy) / size) * smoothstep(0, edge, inside);
        const [c, s] = [Math.cos(turn.roll * share), Math.sin(turn.roll * share)];
        const u = pivotX + c * dx + s * dy;
        const v = pivotY - s * dx + c * dy;
        nodes[at] = u - x + (field ? backwardAt(field, u, v, 0) : 0);
        nodes[at + 1] = v - y + (field ? backwardAt(field, u, v, 1) : 0);
      }
    }
    const { x0, y0, x1, y1 } = area;
    const { code } = this.#kernels;
    code.warp(from.pointer, width, height, to.pointer, this.#nodes.pointer, columns, rows, cell, x0, y0, x1, y1);
  }
}

/** Bilinear; 0 outside of the field. */
function backwardAt({ x0, y0, cell, columns, rows, backward }: WarpField, x: number, y: number, axis: number): number {
  const gx = (x - x0) / cell;
  const gy = (y - y0) / cell;
  if (gx < 0 || gy < 0 || gx > columns - 1 || gy > rows - 1) return 0;
  const ix = clamp(Math.floor(gx), 0, columns - 2);
  const iy = clamp(Math.floor(gy), 0, rows - 2);
  const [fx, fy] = [gx - ix, gy - iy];
  const p = (iy * columns + ix) * 2 + axis;
  const q = p + columns * 2;
  return (
    (backward[p] * (1 - fx) + backward[p + 2] * fx) * (1 - fy) + (backward[q] * (1 - fx) + backward[q + 2] * fx) * fy
  );
}
