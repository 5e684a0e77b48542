/** Zoom and pan: the same for the original and the result. */
import { batch, computed, signal } from '@preact/signals';
import { clampPan, fitScale, isZoomable, type Point, type Size, scaleLimits, zoomAt } from './geometry.ts';
import { target } from './target.ts';

/** CSS pixels for a pixel of the picture; undefined: as large as fits. */
const scale = signal<number | undefined>(undefined);
/** What lies in the middle of a pane: from the middle of the picture, in its pixels. */
const centre = signal<Point>({ x: 0, y: 0 });
/** Of what shows one picture; two side by side have half of the stage each. */
export const paneSize = signal<Size>({ width: 0, height: 0 });
/** Steps of the buttons and keys. */
const STEP = 1.25;

/** Pixels of the target's upright picture. */
export const pictureSize = computed<Size>(() => {
  const { width = 16, height = 9 } = target.value?.media ?? {};
  return { width, height };
});
export const fitting = computed(() => fitScale(paneSize.value, pictureSize.value));
export const isFit = computed(() => scale.value === undefined);
export const currentScale = computed(() => scale.value ?? fitting.value);
export const pan = computed(() =>
  isFit.value ? { x: 0, y: 0 } : clampPan(centre.value, currentScale.value, paneSize.value, pictureSize.value),
);
/** Whether there is more of the picture than can be seen. */
export const canPan = computed(() => isZoomable(currentScale.value, paneSize.value, pictureSize.value));

export const fitPicture = (): void => {
  batch(() => {
    scale.value = undefined;
    centre.value = { x: 0, y: 0 };
  });
};

/** @param at stays where it is: CSS pixels from the middle of the pane */
export function zoomTo(next: number, at: Point = { x: 0, y: 0 }): void {
  const { least, most } = scaleLimits(fitting.value);
  const wanted = Math.min(most, Math.max(least, next));
  const moved = zoomAt({ scale: currentScale.value, pan: pan.value }, wanted, at);
  batch(() => {
    scale.value = wanted;
    centre.value = clampPan(moved, wanted, paneSize.value, pictureSize.value);
  });
}
export const zoomBy = (factor: number, at?: Point): void => zoomTo(currentScale.value * factor, at);
export const zoomIn = (): void => zoomBy(STEP);
export const zoomOut = (): void => zoomBy(1 / STEP);

/** @param by CSS pixels that the picture is dragged by */
export function panBy(by: Point): void {
  if (isFit.value) return;
  const { x, y } = pan.value;
  const at = currentScale.value;
  centre.value = clampPan({ x: x - by.x / at, y: y - by.y / at }, at, paneSize.value, pictureSize.value);
}
