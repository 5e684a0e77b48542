/** Lays a label onto pictures, in place. */
import type { I420Frame, RgbImage } from '../../core/image.ts';
import { isI420 } from '../../engine/frames/picture.ts';
import type { VisibleLabel } from './visible-label.ts';

/** Black and white of a plane of luma, and grey of chroma. */
interface Levels {
  readonly black: number;
  readonly white: number;
  readonly neutral: number;
}

/** White of a standard picture in high range: 203 candela a square metre. @see ITU-R BT.2408, table 1 */
const HDR_WHITE = { pq: 0.58, hlg: 0.75 } as const;

/** @param picture a photo may have `alpha`, which becomes opaque under the label */
export function drawLabel(
  label: VisibleLabel,
  picture: I420Frame | (RgbImage & { readonly alpha?: Uint8Array | undefined }),
): void {
  const { width, height } = picture;
  if (picture.alpha) eachPixel(label, width, height, (at) => (picture.alpha![at] = 255));
  if (!isI420(picture)) {
    const { data } = picture;
    eachPixel(label, width, height, (at, grey, cover) => {
      for (let channel = 3 * at; channel < 3 * at + 3; channel++) data[channel] = mix(data[channel]!, grey, cover);
    });
    return;
  }
  const { range, hdr } = picture.colour;
  const shallow = range === 'full' ? { black: 0, white: 255, neutral: 128 } : { black: 16, white: 235, neutral: 128 };
  drawPlanes(label, picture.data, picture, shallow);
  if (!picture.deep) return;
  const [black, full] = range === 'full' ? [0, 1023] : [64, 940];
  const white = hdr ? Math.round(black + (full - black) * HDR_WHITE[hdr]) : full;
  drawPlanes(label, picture.deep, picture, { black, white, neutral: 512 });
}

const mix = (under: number, over: number, cover: number): number => Math.round(under + ((over - under) * cover) / 255);

function drawPlanes(
  label: VisibleLabel,
  data: Uint8Array | Uint16Array,
  { width, height }: I420Frame,
  { black, white, neutral }: Levels,
): void {
  const scale = (white - black) / 255;
  eachPixel(label, width, height, (at, grey, cover) => {
    data[at] = mix(data[at]!, black + grey * scale, cover);
  });
  const [w, h] = [width >> 1, height >> 1];
  const half = halfCover(label);
  for (const plane of [width * height, width * height + w * h]) {
    eachPixel(half, w, h, (at, _grey, cover) => {
      data[plane + at] = mix(data[plane + at]!, neutral, cover);
    });
  }
}

/** A chroma sample is covered as much as its four pixels are. */
function halfCover({ cover, width, height, x, y }: VisibleLabel): VisibleLabel {
  const [w, h] = [width >> 1, height >> 1];
  const half = new Uint8Array(w * h);
  for (let row = 0; row < h; row++) {
    for (let column = 0; column < w; column++) {
      const at = 2 * row * width + 2 * column;
      half[row * w + column] = (cover[at]! + cover[at + 1]! + cover[at + width]! + cover[at + width + 1]! + 2) >> 2;
    }
  }
  return { grey: half, cover: half, width: w, height: h, x: x >> 1, y: y >> 1 };
}

/** Calls `draw` for every pixel of the label inside the picture. */
function eachPixel(
  { grey, cover, width, height, x, y }: VisibleLabel,
  pictureWidth: number,
  pictureHeight: number,
  draw: (at: number, grey: number, cover: number) => void,
): void {
  for (let row = 0; row < Math.min(height, pictureHeight - y); row++) {
    for (let column = 0; column < Math.min(width, pictureWidth - x); column++) {
      const at = row * width + column;
      draw((y + row) * pictureWidth + x + column, grey[at]!, cover[at]!);
    }
  }
}
