/** Lines and dots with soft edges, drawn into a picture. */
import type { RgbImage } from '../../core/image.ts';

/** Red, green, blue, 0..255. */
export type Colour = readonly [number, number, number];

/** How something is drawn: width in pixels, opacity 0..1. */
export interface Stroke {
  readonly colour: Colour;
  readonly width: number;
  /** Default 1. */
  readonly opacity?: number;
}

/**
 * A line with round ends between two points; a dot where they are the same. Each pixel is covered by how much of the
 * line's width lies within half a pixel of its centre. What lies outside of the picture is left out.
 * @param image changed in place
 */
export function drawLine(
  image: RgbImage,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  { colour, width, opacity = 1 }: Stroke,
): void {
  const reach = width / 2 + 0.5;
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach));
  const right = Math.min(image.width - 1, Math.floor(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach));
  const bottom = Math.min(image.height - 1, Math.floor(Math.max(y0, y1) + reach));
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squared = dx * dx + dy * dy;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = squared === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / squared));
      const distance = Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
      const cover = Math.min(1, reach - distance);
      if (cover > 0) blendPixel(image, x, y, colour, cover * opacity);
    }
  }
}

/** Lays a colour over one pixel of the picture. */
export function blendPixel({ data, width }: RgbImage, x: number, y: number, colour: Colour, opacity: number): void {
  const at = (y * width + x) * 3;
  for (let channel = 0; channel < 3; channel++) {
    const before = data[at + channel]!;
    data[at + channel] = Math.round(before + (colour[channel]! - before) * opacity);
  }
}
