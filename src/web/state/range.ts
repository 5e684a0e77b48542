/** In and out, and markers: changes of the project that can be undone. */
import { type Marker, project } from './document.ts';
import { frame } from './preview.ts';
import { frameCount, range, seek } from './target.ts';

/** @param merge one step for all changes with the same one, as while a handle moves */
export function setRange(start: number, end: number, merge?: string): void {
  const all = frameCount.value;
  const from = Math.min(all - 1, Math.max(0, Math.round(start)));
  const to = Math.min(all, Math.max(from + 1, Math.round(end)));
  const next = from === 0 && to === all ? undefined : { start: from, end: to };
  const before = project.value.value.range;
  if (before?.start === next?.start && before?.end === next?.end) return;
  project.change('change.range', (document) => ({ ...document, range: next }), merge);
}

/** The frame at the playhead is the first one. An out before it goes. */
export function setIn(): void {
  const { end } = range.value;
  setRange(frame.value, frame.value < end ? end : frameCount.value);
}
/** The frame at the playhead is the last one. An in behind it goes. */
export function setOut(): void {
  const { start } = range.value;
  setRange(frame.value >= start ? start : 0, frame.value + 1);
}
export const clearRange = (): void =>
  project.change('change.range.clear', (document) => ({ ...document, range: undefined }));

/** Sets a marker at the playhead, or takes it away where there is one. It remembers the settings that were in use. */
export function toggleMarker(): void {
  const at = frame.value;
  const { markers, preset, options } = project.value.value;
  if (markers.some((marker) => marker.frame === at)) {
    removeMarker(at);
    return;
  }
  const next: readonly Marker[] = [...markers, { frame: at, preset, options }].sort((a, b) => a.frame - b.frame);
  project.change('change.marker.add', (document) => ({ ...document, markers: next }));
}
export const removeMarker = (at: number): void =>
  project.change('change.marker.remove', (document) => ({
    ...document,
    markers: document.markers.filter((marker) => marker.frame !== at),
  }));

/** Behind the last one comes the first. */
export function goToNextMarker(): void {
  const { markers } = project.value.value;
  const next = markers.find((marker) => marker.frame > frame.value) ?? markers[0];
  if (next) seek(next.frame);
}
