/** Aligned crops of faces for published models, and the way back into the picture. */
import type { Region, RgbImage } from '../../core/image.ts';
import { type Affine, applyAffine, invertAffine, similarityBetween } from './similarity.ts';
import { WARP_TEMPLATES, type WarpTemplate } from './warp-templates.ts';

/**
 * The transform from the picture into a crop: the least-squares similarity from five landmarks to the template.
 * FaceFusion takes RANSAC with a threshold of 100 pixels, in which all five count, so that both agree.
 * @param landmarks5 5 x (x, y) in pixels of the picture
 * @throws FACE_DEGENERATE
 */
export function cropMatrix(
  landmarks5: ArrayLike<number>,
  template: WarpTemplate,
  width: number,
  height = width,
): Affine {
  const points = WARP_TEMPLATES[template].map((value, at) => value * (at % 2 === 0 ? width : height));
  return similarityBetween(landmarks5, points);
}

/** Five landmarks moved away from the nose tip, or towards it: `k` above 1 makes a crop that shows less. */
export function scaleAboutNose(landmarks5: ArrayLike<number>, k: number): Float32Array {
  const [noseX, noseY] = [landmarks5[4]!, landmarks5[5]!];
  return Float32Array.from(landmarks5, (value, at) => {
    const nose = at % 2 === 0 ? noseX : noseY;
    return nose + k * (value - nose);
  });
}

/**
 * Samples a crop bilinearly.
 * @param matrix from pixels of the picture to pixels of the crop
 * @param border what lies outside of the picture: the nearest pixel, or black
 * @returns owned by the caller
 */
export function warpCrop(
  { data, width: w, height: h }: RgbImage,
  matrix: Affine,
  width: number,
  height = width,
  border: 'replicate' | 'black' = 'replicate',
): RgbImage {
  const [a, b, c, d, e, f] = invertAffine(matrix);
  const out = new Uint8Array(width * height * 3);
  const black = border === 'black';
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      const u = a * x + b * y + c;
      const v = d * x + e * y + f;
      const left = Math.floor(u);
      const top = Math.floor(v);
      const fx = u - left;
      const fy = v - top;
      const x0 = left < 0 ? 0 : left >= w ? w - 1 : left;
      const x1 = left + 1 < 0 ? 0 : left + 1 >= w ? w - 1 : left + 1;
      const y0 = top < 0 ? 0 : top >= h ? h - 1 : top;
      const y1 = top + 1 < 0 ? 0 : top + 1 >= h ? h - 1 : top + 1;
      let w00 = (1 - fx) * (1 - fy);
      let w10 = fx * (1 - fy);
      let w01 = (1 - fx) * fy;
      let w11 = fx * fy;
      if (black) {
        if (x0 !== left) w00 = w01 = 0;
        if (x1 !== left + 1) w10 = w11 = 0;
        if (y0 !== top) w00 = w10 = 0;
        if (y1 !== top + 1) w01 = w11 = 0;
      }
      const p = (y0 * w + x0) * 3;
      const q = (y0 * w + x1) * 3;
      const r = (y1 * w + x0) * 3;
      const s = (y1 * w + x1) * 3;
      // Rounded, as OpenCV does for bytes.
      out[o] = data[p]! * w00 + data[q]! * w10 + data[r]! * w01 + data[s]! * w11 + 0.5;
      out[o + 1] = data[p + 1]! * w00 + data[q + 1]! * w10 + data[r + 1]! * w01 + data[s + 1]! * w11 + 0.5;
      out[o + 2] = data[p + 2]! * w00 + data[q + 2]! * w10 + data[r + 2]! * w01 + data[s + 2]! * w11 + 0.5;
    }
  }
  return { data: out, width, height };
}

/**
 * The part of a picture that a crop covers: the box around its corners.
 * @param matrix from pixels of the picture to pixels of the crop
 * @returns empty (x1 = x0) where the crop lies outside of the picture
 */
export function pasteArea(
  matrix: Affine,
  width: number,
  height: number,
  picture: { readonly width: number; readonly height: number },
): Region {
  return coveredArea(matrix, { x0: 0, y0: 0, x1: width, y1: height }, picture);
}

/** The part of a picture that a part of a crop covers. */
function coveredArea(
  matrix: Affine,
  { x0: left, y0: top, x1: right, y1: bottom }: Region,
  picture: { readonly width: number; readonly height: number },
): Region {
  const back = invertAffine(matrix);
  const corners = [
    applyAffine(back, left, top),
    applyAffine(back, right, top),
    applyAffine(back, right, bottom),
    applyAffine(back, left, bottom),
  ];
  const clip = (value: number, size: number): number => Math.min(Math.max(value, 0), size);
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const x0 = clip(Math.floor(Math.min(...xs)), picture.width);
  const y0 = clip(Math.floor(Math.min(...ys)), picture.height);
  return {
    x0,
    y0,
    x1: Math.max(x0, clip(Math.ceil(Math.max(...xs)), picture.width)),
    y1: Math.max(y0, clip(Math.ceil(Math.max(...ys)), picture.height)),
  };
}

/** What a model has made of a crop. */
export interface CropPixels {
  readonly width: number;
  readonly height: number;
  /** Interleaved R, G, B, 0..255. Floats are blended as they are. */
  readonly data: Float32Array | Uint8Array;
}

/**
 * Blends a crop into a picture: out = out (1 - mask) + crop mask, cut off to bytes as FaceFusion does. Crop and mask are
 * sampled bilinearly; outside of the crop the mask is 0 and the crop repeats its border.
 * @param out    changed in place
 * @param mask   `width * height` values, 0..1
 * @param matrix from pixels of `out` to pixels of the crop
 */
export function pasteCrop(out: RgbImage, crop: CropPixels, mask: Float32Array, matrix: Affine): void {
  const { width: w, height: h, data } = crop;
  const { data: to, width: stride } = out;
  const shown = maskBounds(mask, w, h);
  if (!shown) return;
  const area = coveredArea(matrix, shown, out);
  const [a, b, c, d, e, f] = matrix;
  for (let y = area.y0; y < area.y1; y++) {
    for (let x = area.x0, o = (y * stride + area.x0) * 3; x < area.x1; x++, o += 3) {
      const u = a * x + b * y + c;
      const v = d * x + e * y + f;
      const left = Math.floor(u);
      const top = Math.floor(v);
      if (left < -1 || top < -1 || left >= w || top >= h) continue;
      const fx = u - left;
      const fy = v - top;
      const w00 = (1 - fx) * (1 - fy);
      const w10 = fx * (1 - fy);
      const w01 = (1 - fx) * fy;
      const w11 = fx * fy;
      const hasLeft = left >= 0;
      const hasRight = left + 1 < w;
      const hasTop = top >= 0;
      const hasBottom = top + 1 < h;
      const x0 = hasLeft ? left : 0;
      const x1 = hasRight ? left + 1 : w - 1;
      const row0 = (hasTop ? top : 0) * w;
      const row1 = (hasBottom ? top + 1 : h - 1) * w;
      let m = 0;
      if (hasTop && hasLeft) m += mask[row0 + x0]! * w00;
      if (hasTop && hasRight) m += mask[row0 + x1]! * w10;
      if (hasBottom && hasLeft) m += mask[row1 + x0]! * w01;
      if (hasBottom && hasRight) m += mask[row1 + x1]! * w11;
      if (m <= 0) continue;
      if (m > 1) m = 1;
      const p = (row0 + x0) * 3;
      const q = (row0 + x1) * 3;
      const r = (row1 + x0) * 3;
      const s = (row1 + x1) * 3;
      const red = data[p]! * w00 + data[q]! * w10 + data[r]! * w01 + data[s]! * w11;
      const green = data[p + 1]! * w00 + data[q + 1]! * w10 + data[r + 1]! * w01 + data[s + 1]! * w11;
      const blue = data[p + 2]! * w00 + data[q + 2]! * w10 + data[r + 2]! * w01 + data[s + 2]! * w11;
      // Stored as bytes: what is behind the point is cut off. The sums lie in 0..255.
      to[o] = to[o]! * (1 - m) + red * m;
      to[o + 1] = to[o + 1]! * (1 - m) + green * m;
      to[o + 2] = to[o + 2]! * (1 - m) + blue * m;
    }
  }
}

/** The part of a mask that is not 0, and a pixel around it, to which samples reach; undefined where nothing is. */
function maskBounds(mask: Float32Array, width: number, height: number): Region | undefined {
  let [x0, y0, x1, y1] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let first = 0;
    while (first < width && mask[start + first]! <= 0) first++;
    if (first === width) continue;
    let last = width - 1;
    while (mask[start + last]! <= 0) last--;
    if (first < x0) x0 = first;
    if (last > x1) x1 = last;
    if (y < y0) y0 = y;
    y1 = y;
  }
  if (x1 < 0) return undefined;
  return {
    x0: Math.max(0, x0 - 1),
    y0: Math.max(0, y0 - 1),
    x1: Math.min(width, x1 + 2),
    y1: Math.min(height, y1 + 2),
  };
}
