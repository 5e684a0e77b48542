/** Where a picture lies in a pane. Pure. */

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** CSS pixels around a picture that fits. */
const MARGIN = 16;
/** Largest pixel of a picture, in CSS pixels. */
const MOST_SCALE = 16;

/** CSS pixels for a pixel of the picture, where all of it is seen. */
export function fitScale(pane: Size, picture: Size): number {
  const width = Math.max(1, pane.width - 2 * MARGIN);
  const height = Math.max(1, pane.height - 2 * MARGIN);
  return Math.min(width / picture.width, height / picture.height);
}

/** A picture cannot be made smaller than it fits, or than it is. */
export const scaleLimits = (fitting: number): { readonly least: number; readonly most: number } => ({
  least: Math.min(1, fitting),
  most: Math.max(MOST_SCALE, fitting),
});

export const isZoomable = (scale: number, pane: Size, picture: Size): boolean =>
  picture.width * scale > pane.width + 1 || picture.height * scale > pane.height + 1;

const clamp = (value: number, most: number): number => Math.min(most, Math.max(-most, value));

/** Keeps a picture over its pane; one that is smaller stays in the middle. */
export const clampPan = ({ x, y }: Point, scale: number, pane: Size, picture: Size): Point => ({
  x: clamp(x, Math.max(0, picture.width - pane.width / scale) / 2),
  y: clamp(y, Math.max(0, picture.height - pane.height / scale) / 2),
});

/**
 * What lies in the middle after zooming, so that what is under the pointer stays there.
 * @param at CSS pixels from the middle of the pane
 */
export const zoomAt = (before: { readonly scale: number; readonly pan: Point }, scale: number, at: Point): Point => ({
  x: before.pan.x + at.x / before.scale - at.x / scale,
  y: before.pan.y + at.y / before.scale - at.y / scale,
});

/** What is seen of a picture, in CSS pixels. */
export const visibleSize = (scale: number, pane: Size, picture: Size): Size => ({
  width: Math.min(pane.width, picture.width * scale),
  height: Math.min(pane.height, picture.height * scale),
});

/** Widths that pictures are asked for: few, so that caches hold them. */
const WIDTHS = [480, 960, 1440, 1920, 2560, 3840] as const;

/** @param shown device pixels. @returns a width that is at least as wide, or the picture's own */
export const widthFor = (shown: number, own: number): number =>
  Math.min(own, WIDTHS.find((width) => width >= shown) ?? own);
