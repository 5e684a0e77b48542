/**
 * What never changes about the face mesh: its UV layout, which texel lies in which triangle, and where skin, features
 * and the border are in UV space. Everything is computed once a size and kept.
 */
import { smoothstep } from './curves.ts';
import { BROWS, EYE_OPENINGS, EYE_SURROUNDS, FACE_OVAL, LIPS_INNER, LIPS_OUTER, NOSTRILS } from './vertex-sets.ts';

/** Vertices of the face surface; the irises come after them. */
export const SURFACE_VERTEX_COUNT = 468;
/** Edge of the UV map in which light is estimated, in texels. */
export const LIGHT_SIZE = 64;

/** `models/face_mesh_topology.json`. */
export interface MeshTopology {
  readonly uv: readonly (readonly [number, number])[];
  readonly triangles: readonly number[];
}

/** For each texel of a size x size UV map the triangle it lies in (-1 outside) and two barycentric weights. */
export interface UvGrid {
  readonly size: number;
  readonly triangle: Int16Array;
  /** Weights of the triangle's second and third vertex, two a texel. */
  readonly weights: Float32Array;
  /** Indexes of the texels inside the face, ascending. */
  readonly texels: Int32Array;
}

/** UV masks, 0..1 a texel. */
export interface UvMasks {
  /** Bare skin: not eyes, brows, lips, nostrils or the outermost rim. */
  readonly skin: Float32Array;
  /** 1 - skin. */
  readonly features: Float32Array;
  readonly lips: Float32Array;
  /** The lids and what lies between them and the brows. */
  readonly eyes: Float32Array;
  /** 1 at the border of the face, falling to 0 inside. */
  readonly rim: Float32Array;
  /** Distance to the border, in UV units (0..0.5). */
  readonly borderDistance: Float32Array;
  /** 0 inside the eye openings and the mouth, 1 elsewhere. */
  readonly openings: Float32Array;
}

/** Signed distance to a closed polygon of UV vertices, positive inside. */
function polygonDistance(uv: Float32Array, polygon: readonly number[], u: number, v: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let inside = false;
  for (let i = 0; i < polygon.length; i++) {
    const a = polygon[i] * 2;
    const b = polygon[(i + 1) % polygon.length] * 2;
    const dx = uv[b] - uv[a];
    const dy = uv[b + 1] - uv[a + 1];
    if (uv[a + 1] <= v !== uv[b + 1] <= v && u < uv[a] + ((v - uv[a + 1]) / dy) * dx) inside = !inside;
    const t = Math.min(1, Math.max(0, ((u - uv[a]) * dx + (v - uv[a + 1]) * dy) / (dx * dx + dy * dy)));
    const ex = u - uv[a] - t * dx;
    const ey = v - uv[a + 1] - t * dy;
    const squared = ex * ex + ey * ey;
    if (squared < nearest) nearest = squared;
  }
  return inside ? Math.sqrt(nearest) : -Math.sqrt(nearest);
}

/** Farther than any mask reaches beyond its polygon, in UV units. */
const BEYOND_MASKS = 0.06;

/** Signed distance to a polygon, and `-BEYOND_MASKS` wherever its frame alone tells that it is farther away than that. */
function nearDistance(uv: Float32Array, polygon: readonly number[]): (u: number, v: number) => number {
  const us = polygon.map((vertex) => uv[vertex * 2]);
  const vs = polygon.map((vertex) => uv[vertex * 2 + 1]);
  const [left, right] = [Math.min(...us) - BEYOND_MASKS, Math.max(...us) + BEYOND_MASKS];
  const [top, bottom] = [Math.min(...vs) - BEYOND_MASKS, Math.max(...vs) + BEYOND_MASKS];
  return (u, v) =>
    u < left || u > right || v < top || v > bottom ? -BEYOND_MASKS : polygonDistance(uv, polygon, u, v);
}

export class FaceRig {
  readonly uv: Float32Array;
  readonly triangles: Uint16Array;
  readonly triangleCount: number;
  /** The vertex on the other half of the face, by nearest mirrored UV. */
  readonly mirror: Uint16Array;
  readonly #grids = new Map<number, UvGrid>();
  readonly #masks = new Map<number, UvMasks>();

  constructor(topology: MeshTopology) {
    this.uv = Float32Array.from(topology.uv.flat());
    this.triangles = Uint16Array.from(topology.triangles);
    this.triangleCount = topology.triangles.length / 3;
    this.mirror = new Uint16Array(SURFACE_VERTEX_COUNT);
    for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
      let best = Number.POSITIVE_INFINITY;
      for (let j = 0; j < SURFACE_VERTEX_COUNT; j++) {
        const d = Math.hypot(1 - this.uv[i * 2] - this.uv[j * 2], this.uv[i * 2 + 1] - this.uv[j * 2 + 1]);
        if (d < best) {
          best = d;
          this.mirror[i] = j;
        }
      }
    }
  }

  grid(size: number): UvGrid {
    let grid = this.#grids.get(size);
    if (!grid) this.#grids.set(size, (grid = this.#makeGrid(size)));
    return grid;
  }

  masks(size: number): UvMasks {
    let masks = this.#masks.get(size);
    if (!masks) this.#masks.set(size, (masks = this.#makeMasks(size)));
    return masks;
  }

  /** Signed UV distance of a point to a polygon of vertices, positive inside. */
  distance(polygon: readonly number[], u: number, v: number): number {
    return polygonDistance(this.uv, polygon, u, v);
  }

  #makeGrid(size: number): UvGrid {
    const { uv, triangles } = this;
    const triangle = new Int16Array(size * size).fill(-1);
    const weights = new Float32Array(size * size * 2);
    const tolerance = 1e-5;
    for (let t = 0; t < this.triangleCount; t++) {
      const [ax, ay, bx, by, cx, cy] = [0, 1, 2].flatMap((k) => {
        const vertex = triangles[t * 3 + k] * 2;
        return [uv[vertex] * size - 0.5, uv[vertex + 1] * size - 0.5];
      }) as [number, number, number, number, number, number];
      const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
      if (Math.abs(area) < 1e-9) continue;
      const y1 = Math.min(size - 1, Math.ceil(Math.max(ay, by, cy)));
      const x1 = Math.min(size - 1, Math.ceil(Math.max(ax, bx, cx)));
      for (let y = Math.max(0, Math.floor(Math.min(ay, by, cy))); y <= y1; y++) {
        for (let x = Math.max(0, Math.floor(Math.min(ax, bx, cx))); x <= x1; x++) {
          const w1 = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area;
          const w2 = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area;
          if (w1 < -tolerance || w2 < -tolerance || w1 + w2 > 1 + tolerance) continue;
          const i = y * size + x;
          triangle[i] = t;
          weights[i * 2] = w1;
          weights[i * 2 + 1] = w2;
        }
      }
    }
    const texels: number[] = [];
    for (let i = 0; i < size * size; i++) if (triangle[i] >= 0) texels.push(i);
    return { size, triangle, weights, texels: Int32Array.from(texels) };
  }

  #makeMasks(size: number): UvMasks {
    const count = size * size;
    const skin = new Float32Array(count);
    const features = new Float32Array(count);
    const lips = new Float32Array(count);
    const eyes = new Float32Array(count);
    const rim = new Float32Array(count);
    const borderDistance = new Float32Array(count);
    const openings = new Float32Array(count);
    const { uv } = this;
    const near = (polygon: readonly number[]) => nearDistance(uv, polygon);
    const [toLips, toMouth] = [near(LIPS_OUTER), near(LIPS_INNER)];
    const [toEyes, toSurrounds, toBrows] = [EYE_OPENINGS.map(near), EYE_SURROUNDS.map(near), BROWS.map(near)];
    for (const i of this.grid(size).texels) {
      const u = ((i % size) + 0.5) / size;
      const v = (Math.floor(i / size) + 0.5) / size;
      const d = polygonDistance(uv, FACE_OVAL, u, v);
      const lipsOuter = toLips(u, v);
      borderDistance[i] = d;
      rim[i] = smoothstep(0.14, 0.03, d);
      lips[i] = smoothstep(-0.012, 0.004, lipsOuter);
      let open = smoothstep(-0.001, 0.008, -toMouth(u, v));
      for (const toEye of toEyes) open = Math.min(open, smoothstep(-0.004, 0.004, -toEye(u, v)));
      openings[i] = open;
      let s = Math.min(smoothstep(0.004, 0.02, d), smoothstep(0.004, 0.03, -lipsOuter));
      for (const toSurround of toSurrounds) {
        const inside = toSurround(u, v);
        s = Math.min(s, smoothstep(-0.005, 0.012, -inside));
        eyes[i] = Math.max(eyes[i], smoothstep(-0.05, -0.01, inside));
      }
      for (const toBrow of toBrows) s = Math.min(s, smoothstep(0.004, 0.03, -toBrow(u, v)));
      for (const k of NOSTRILS) s = Math.min(s, smoothstep(0.03, 0.055, Math.hypot(u - uv[k * 2], v - uv[k * 2 + 1])));
      skin[i] = s;
      features[i] = 1 - s;
    }
    return { skin, features, lips, eyes, rim, borderDistance, openings };
  }
}

/** Bilinear sample of one channel of a size x size interleaved map at UV coordinates, clamped to the border. */
export function sampleUv(
  map: Float32Array,
  size: number,
  channels: number,
  u: number,
  v: number,
  channel: number,
): number {
  const x = Math.min(size - 1.001, Math.max(0, u * size - 0.5));
  const y = Math.min(size - 1.001, Math.max(0, v * size - 0.5));
  const ix = x | 0;
  const iy = y | 0;
  const fx = x - ix;
  const fy = y - iy;
  const p = (iy * size + ix) * channels + channel;
  const q = p + size * channels;
  return (map[p] * (1 - fx) + map[p + channels] * fx) * (1 - fy) + (map[q] * (1 - fx) + map[q + channels] * fx) * fy;
}

/** UV centre of a texel. */
export const texelU = (i: number, size: number): number => ((i % size) + 0.5) / size;
export const texelV = (i: number, size: number): number => (Math.floor(i / size) + 0.5) / size;
