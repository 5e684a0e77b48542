/** The whole page takes files: dropped by where they fall, pasted by where the focus is. */
import { signal } from '@preact/signals';
import { filesOf } from './dropped-files.ts';
import { type Place, takeFiles } from './intake.ts';
import { page } from './view.ts';

/** Where files would fall now; undefined while none are dragged over the page. */
export const dropPlace = signal<Place | undefined>(undefined);

/** A region says in `data-drop` what it takes: `source`, `target`, or `photos:` and the id of a source. */
export const DROP_ATTRIBUTE = 'data-drop';

function placeOf(target: EventTarget | null): Place {
  const region = target instanceof Element ? target.closest(`[${DROP_ATTRIBUTE}], main`) : null;
  // The whole middle is the target's, with everything that is drawn over it.
  const [kind, id = ''] = (region?.getAttribute(DROP_ATTRIBUTE) ?? (region ? 'target' : '')).split(':');
  if (kind === 'photos') return { kind, id };
  if (kind === 'source' || kind === 'target') return { kind };
  return { kind: 'anywhere' };
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
/** Other pages have places of their own. */
const isOurs = (event: Event): boolean => page.value === 'swap' && !event.defaultPrevented;

const isSame = (a: Place | undefined, b: Place): boolean => JSON.stringify(a) === JSON.stringify(b);

/** @returns ends it */
export function listenToDrops(): () => void {
  const controller = new AbortController();
  const { signal: stop } = controller;
  addEventListener(
    'dragover',
    (event) => {
      if (!hasFiles(event) || !isOurs(event)) return;
      event.preventDefault();
      const place = placeOf(event.target);
      if (!isSame(dropPlace.value, place)) dropPlace.value = place;
    },
    { signal: stop },
  );
  addEventListener(
    'dragleave',
    (event) => {
      // Leaving the window has nowhere that it goes to.
      if (event.relatedTarget === null) dropPlace.value = undefined;
    },
    { signal: stop },
  );
  addEventListener(
    'drop',
    (event) => {
      dropPlace.value = undefined;
      if (!hasFiles(event) || !isOurs(event) || !event.dataTransfer) return;
      event.preventDefault();
      const place = placeOf(event.target);
      void filesOf(event.dataTransfer).then((files) => takeFiles(files, place));
    },
    { signal: stop },
  );
  addEventListener(
    'paste',
    (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0 || !isOurs(event)) return;
      event.preventDefault();
      void takeFiles(files, placeOf(document.activeElement));
    },
    { signal: stop },
  );
  return () => controller.abort();
}
