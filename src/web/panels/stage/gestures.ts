/** Wheel, pinch, dragging and double clicks on the stage: zoom and pan. */
import type { Point } from '../../state/geometry.ts';
import { canPan, currentScale, fitPicture, isFit, panBy, zoomBy, zoomTo } from '../../state/zoom.ts';

/** Of a wheel: a notch is 100 in most browsers and makes a quarter larger. */
const WHEEL_SPEED = 0.0022;
/** A pinch on a touchpad comes as a wheel with Ctrl, in small numbers. */
const PINCH_SPEED = 0.01;
/** Pixels of a wheel that counts lines. */
const LINE = 16;

const paneOf = (target: EventTarget | null): Element | null =>
  target instanceof Element ? target.closest('.stage-pane') : null;

/** What lies on the picture and wants the pointer for itself. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('button, [role=slider], .msgcard, .zoomer') !== null;

function fromMiddle(pane: Element, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top, width, height } = pane.getBoundingClientRect();
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
}

/** @returns ends it */
export function followGestures(stage: HTMLElement): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const pointers = new Map<number, Point>();

  const onWheel = (event: WheelEvent): void => {
    const pane = paneOf(event.target);
    if (!pane) return;
    event.preventDefault();
    const by = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE : event.deltaY;
    if (event.shiftKey) panBy({ x: -(event.deltaX || by), y: 0 });
    else zoomBy(Math.exp(-by * (event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED)), fromMiddle(pane, event));
  };

  const onDown = (event: PointerEvent): void => {
    if (isControl(event.target) || (event.button !== 0 && event.button !== 1)) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (pointers.size === 1 && !canPan.value) return;
    stage.setPointerCapture(event.pointerId);
    stage.classList.add('is-panning');
  };

  const onMove = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    pointers.set(event.pointerId, now);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (!other) {
      panBy({ x: now.x - before.x, y: now.y - before.y });
      return;
    }
    // Two fingers: what lies between them stays there.
    const pane = stage.querySelector('.stage-pane');
    if (!pane) return;
    const apart = (a: Point, b: Point): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
    const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
    zoomBy(apart(now, other) / apart(before, other), fromMiddle(pane, middle));
    panBy({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
  };

  const onUp = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) stage.classList.remove('is-panning');
  };

  const onDoubleClick = (event: MouseEvent): void => {
    const pane = paneOf(event.target);
    if (!pane || isControl(event.target)) return;
    if (isFit.value && currentScale.value !== 1) zoomTo(Math.max(1, currentScale.value * 2), fromMiddle(pane, event));
    else fitPicture();
  };

  stage.addEventListener('wheel', onWheel, { signal, passive: false });
  stage.addEventListener('pointerdown', onDown, { signal });
  stage.addEventListener('pointermove', onMove, { signal });
  stage.addEventListener('pointerup', onUp, { signal });
  stage.addEventListener('pointercancel', onUp, { signal });
  stage.addEventListener('dblclick', onDoubleClick, { signal });
  return () => controller.abort();
}
