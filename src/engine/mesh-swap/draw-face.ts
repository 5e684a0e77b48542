/**
 * The inner loop: draws the textured, relit face over the target, triangle by triangle, in fixed point.
 *
 *     value = texture * (light + K) - K + grain        K = DARK_OFFSET
 *     out   = target + alpha * (value - target)
 *
 * Everything an inner pixel needs is a local integer; V8 then keeps it in registers (int16 textures and 16.16
 * coordinates ran 1.5 times faster than the same in floats).
 */
import type { FaceMesh } from '../faces/face.ts';
import { DARK_OFFSET } from './curves.ts';
import type { FaceRig } from './rig.ts';
import type { DrawTexture } from './texture-pyramid.ts';
import { ATTRIBUTES } from './vertex-attributes.ts';

export interface DrawOptions {
  /** Share of the target's own fine grain that is laid over the texture, 0..1. */
  readonly grain: number;
  /** Share of the target's own skin chroma a pixel, 0..1; for two-coloured light. */
  readonly chroma: number;
}

/** Reusable lists for the drawing order; one a swapper. */
export interface DrawScratch {
  readonly order: Uint16Array;
  readonly depth: Float32Array;
}

export function createDrawScratch(rig: FaceRig): DrawScratch {
  return { order: new Uint16Array(rig.triangleCount), depth: new Float32Array(rig.triangleCount) };
}

/** Triangles that face the camera, farthest first (painter's algorithm). Returns how many. */
function orderTriangles(rig: FaceRig, mesh: FaceMesh, attributes: Float32Array, { order, depth }: DrawScratch): number {
  const { triangles, triangleCount } = rig;
  let total = 0;
  for (let t = 0; t < triangleCount; t++) {
    const a = triangles[t * 3] * ATTRIBUTES;
    const b = triangles[t * 3 + 1] * ATTRIBUTES;
    const c = triangles[t * 3 + 2] * ATTRIBUTES;
    const area =
      (attributes[b] - attributes[a]) * (attributes[c + 1] - attributes[a + 1]) -
      (attributes[c] - attributes[a]) * (attributes[b + 1] - attributes[a + 1]);
    depth[t] = area;
    total += area;
  }
  const sign = total < 0 ? -1 : 1;
  let count = 0;
  for (let t = 0; t < triangleCount; t++) {
    if (depth[t] * sign <= 0.01) continue;
    order[count++] = t;
    depth[t] = mesh[triangles[t * 3] * 3 + 2] + mesh[triangles[t * 3 + 1] * 3 + 2] + mesh[triangles[t * 3 + 2] * 3 + 2];
  }
  order.subarray(0, count).sort((p, q) => depth[q] - depth[p]);
  return count;
}

/**
 * @param target RGB of the warped frame, read; @param out RGB, written; both `width * height * 3`
 * @param mesh   where to draw; z orders the triangles
 */
export function drawFace(
  rig: FaceRig,
  target: Uint8Array,
  out: Uint8Array,
  width: number,
  height: number,
  mesh: FaceMesh,
  attributes: Float32Array,
  texture: DrawTexture,
  options: DrawOptions,
  scratch: DrawScratch,
): void {
  const { triangles } = rig;
  const A = attributes;
  const tex = texture.data;
  const size = texture.size;
  const texStride = size * 4;
  const stride = width * 3;
  const grain = Math.round(options.grain * 256);
  const chroma = Math.round(options.chroma * 256);
  const K = DARK_OFFSET;
  const count = orderTriangles(rig, mesh, attributes, scratch);
  for (let n = 0; n < count; n++) {
    const t = scratch.order[n] * 3;
    let a = triangles[t] * ATTRIBUTES;
    let b = triangles[t + 1] * ATTRIBUTES;
    let c = triangles[t + 2] * ATTRIBUTES;
    let swap = 0;
    if (A[b + 1] < A[a + 1]) {
      swap = a;
      a = b;
      b = swap;
    }
    if (A[c + 1] < A[a + 1]) {
      swap = a;
      a = c;
      c = swap;
    }
    if (A[c + 1] < A[b + 1]) {
      swap = b;
      b = c;
      c = swap;
    }
    const ax = A[a];
    const ay = A[a + 1];
    const bx = A[b];
    const by = A[b + 1];
    const cx = A[c];
    const cy = A[c + 1];
    const yStart = Math.max(1, Math.ceil(ay));
    const yEnd = Math.min(height - 2, Math.ceil(cy) - 1);
    if (yEnd < yStart) continue;
    const inverse = 1 / ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay));
    // Gradients of the two barycentric weights, and from them of every attribute.
    const w1x = (cy - ay) * inverse;
    const w1y = -(cx - ax) * inverse;
    const w2x = -(by - ay) * inverse;
    const w2y = (bx - ax) * inverse;
    const u0 = A[a + 2];
    const ux = (A[b + 2] - u0) * w1x + (A[c + 2] - u0) * w2x;
    const uy = (A[b + 2] - u0) * w1y + (A[c + 2] - u0) * w2y;
    const v0 = A[a + 3];
    const vx = (A[b + 3] - v0) * w1x + (A[c + 3] - v0) * w2x;
    const vy = (A[b + 3] - v0) * w1y + (A[c + 3] - v0) * w2y;
    const r0 = A[a + 4];
    const rx = (A[b + 4] - r0) * w1x + (A[c + 4] - r0) * w2x;
    const ry = (A[b + 4] - r0) * w1y + (A[c + 4] - r0) * w2y;
    const g0 = A[a + 5];
    const gx = (A[b + 5] - g0) * w1x + (A[c + 5] - g0) * w2x;
    const gy = (A[b + 5] - g0) * w1y + (A[c + 5] - g0) * w2y;
    const b0 = A[a + 6];
    const lx = (A[b + 6] - b0) * w1x + (A[c + 6] - b0) * w2x;
    const ly = (A[b + 6] - b0) * w1y + (A[c + 6] - b0) * w2y;
    const s0 = A[a + 7];
    const sx = (A[b + 7] - s0) * w1x + (A[c + 7] - s0) * w2x;
    const sy = (A[b + 7] - s0) * w1y + (A[c + 7] - s0) * w2y;
    const o0 = A[a + 8];
    const ox = (A[b + 8] - o0) * w1x + (A[c + 8] - o0) * w2x;
    const oy = (A[b + 8] - o0) * w1y + (A[c + 8] - o0) * w2y;
    const k0 = A[a + 9];
    const kx = (A[b + 9] - k0) * w1x + (A[c + 9] - k0) * w2x;
    const ky = (A[b + 9] - k0) * w1y + (A[c + 9] - k0) * w2y;
    const suspicious = s0 + A[b + 7] + A[c + 7] > 0.05;
    const tinted = chroma > 0 && k0 + A[b + 9] + A[c + 9] > 0.05;
    const du = (ux * 65536) | 0;
    const dv = (vx * 65536) | 0;
    const dr = (rx * 4096) | 0;
    const dg = (gx * 4096) | 0;
    const db = (lx * 4096) | 0;
    const dOpacity = (ox * 4096) | 0;
    const dSkin = (kx * 65536) | 0;
    const slopeLong = (cx - ax) / (cy - ay);
    const slopeTop = by > ay ? (bx - ax) / (by - ay) : 0;
    const slopeBottom = cy > by ? (cx - bx) / (cy - by) : 0;
    for (let y = yStart; y <= yEnd; y++) {
      const xLong = ax + (y - ay) * slopeLong;
      const xShort = y < by ? ax + (y - ay) * slopeTop : bx + (y - by) * slopeBottom;
      const xStart = Math.max(1, Math.ceil(xLong < xShort ? xLong : xShort));
      const xEnd = Math.min(width - 2, Math.ceil(xLong < xShort ? xShort : xLong) - 1);
      if (xEnd < xStart) continue;
      const dx = xStart - ax;
      const dy = y - ay;
      let p = (y * width + xStart) * 3;
      let u = ((u0 + ux * dx + uy * dy) * 65536) | 0;
      let v = ((v0 + vx * dx + vy * dy) * 65536) | 0;
      let lightR = ((r0 + rx * dx + ry * dy) * 4096) | 0;
      let lightG = ((g0 + gx * dx + gy * dy) * 4096) | 0;
      let lightB = ((b0 + lx * dx + ly * dy) * 4096) | 0;
      let suspicion = s0 + sx * dx + sy * dy;
      let opacity = ((o0 + ox * dx + oy * dy) * 4096) | 0;
      let skin = ((k0 + kx * dx + ky * dy) * 65536) | 0;
      for (
        let x = xStart;
        x <= xEnd;
        x++,
          u = (u + du) | 0,
          v = (v + dv) | 0,
          lightR = (lightR + dr) | 0,
          lightG = (lightG + dg) | 0,
          lightB = (lightB + db) | 0,
          opacity = (opacity + dOpacity) | 0,
          skin = (skin + dSkin) | 0,
          suspicion += sx,
          p = (p + 3) | 0
      ) {
        const fu = (u >> 8) & 255;
        const fv = (v >> 8) & 255;
        const q = (Math.imul(v >> 16, size) + (u >> 16)) << 2;
        const r = (q + texStride) | 0;
        const w11 = Math.imul(fu, fv) >> 8;
        const w10 = (fv - w11) | 0;
        const w01 = (fu - w11) | 0;
        const w00 = (256 - fu - w10) | 0;
        const targetR = target[p];
        const targetG = target[p + 1];
        const targetB = target[p + 2];
        let alpha =
          Math.imul(
            (Math.imul(tex[q + 3], w00) +
              Math.imul(tex[q + 7], w01) +
              Math.imul(tex[r + 3], w10) +
              Math.imul(tex[r + 7], w11)) >>
              8,
            opacity,
          ) >> 12;
        if (alpha < 16) {
          out[p] = targetR;
          out[p + 1] = targetG;
          out[p + 2] = targetB;
          continue;
        }
        if (suspicious && suspicion > 0.02) {
          // How far this pixel is from lit skin decides, where something is suspected in front of the face.
          const ir = ((targetR + K) * 4096) / lightR;
          const ig = ((targetG + K) * 4096) / lightG;
          const ib = ((targetB + K) * 4096) / lightB;
          const luma = (ir + 2 * ig + ib) * 0.25;
          const c1 = ir - ig;
          const c2 = ib - ig;
          const distance = ((c1 < 0 ? -c1 : c1) + 0.5 * (c2 < 0 ? -c2 : c2)) / (luma + 0.2);
          let front = luma < 0.74 ? (0.74 - luma) * 4.5 : luma > 1.55 ? (luma - 1.55) * 3 : 0;
          const byChroma = (distance - 0.2) * 4.5;
          if (byChroma > front) front = byChroma;
          front *= suspicion * 1.25;
          if (front > 0) alpha = front >= 1 ? 0 : (alpha * (1 - front)) | 0;
        }
        // Four fractional bits from here on; the texture's product carries + K, the grain term takes it off.
        let offset = -K << 4;
        if (grain > 0) {
          const edge = (targetG << 2) - target[p - 2] - target[p + 4] - target[p + 1 - stride] - target[p + 1 + stride];
          offset += Math.imul(edge > 28 ? 28 : edge < -28 ? -28 : edge, grain) >> 6;
        }
        let r1 =
          ((Math.imul(
            (Math.imul(tex[q], w00) +
              Math.imul(tex[q + 4], w01) +
              Math.imul(tex[r], w10) +
              Math.imul(tex[r + 4], w11)) >>
              9,
            lightR >> 6,
          ) >>
            13) +
            offset -
            (targetR << 4)) |
          0;
        let g1 =
          ((Math.imul(
            (Math.imul(tex[q + 1], w00) +
              Math.imul(tex[q + 5], w01) +
              Math.imul(tex[r + 1], w10) +
              Math.imul(tex[r + 5], w11)) >>
              9,
            lightG >> 6,
          ) >>
            13) +
            offset -
            (targetG << 4)) |
          0;
        let b1 =
          ((Math.imul(
            (Math.imul(tex[q + 2], w00) +
              Math.imul(tex[q + 6], w01) +
              Math.imul(tex[r + 2], w10) +
              Math.imul(tex[r + 6], w11)) >>
              9,
            lightB >> 6,
          ) >>
            13) +
            offset -
            (targetB << 4)) |
          0;
        if (tinted && skin > 0) {
          const er = (((targetR + K) << 4) - (lightR >> 8)) | 0;
          const eg = (((targetG + K) << 4) - (lightG >> 8)) | 0;
          const eb = (((targetB + K) << 4) - (lightB >> 8)) | 0;
          const ey = (er + 2 * eg + eb) >> 2;
          const share = skin >> 8;
          const cr = Math.imul(er - ey, chroma) >> 8;
          const cg = Math.imul(eg - ey, chroma) >> 8;
          const cb = Math.imul(eb - ey, chroma) >> 8;
          r1 = (r1 + (Math.imul(cr > 384 ? 384 : cr < -384 ? -384 : cr, share) >> 8)) | 0;
          g1 = (g1 + (Math.imul(cg > 384 ? 384 : cg < -384 ? -384 : cg, share) >> 8)) | 0;
          b1 = (b1 + (Math.imul(cb > 384 ? 384 : cb < -384 ? -384 : cb, share) >> 8)) | 0;
        }
        r1 = (targetR + ((Math.imul(alpha, r1) + 32768) >> 16)) | 0;
        g1 = (targetG + ((Math.imul(alpha, g1) + 32768) >> 16)) | 0;
        b1 = (targetB + ((Math.imul(alpha, b1) + 32768) >> 16)) | 0;
        out[p] = r1 < 0 ? 0 : r1 > 255 ? 255 : r1;
        out[p + 1] = g1 < 0 ? 0 : g1 > 255 ? 255 : g1;
        out[p + 2] = b1 < 0 ? 0 : b1 > 255 ? 255 : b1;
      }
    }
  }
}
