/** Waiting jobs in another order: by dragging their grip, or with Alt and an arrow. */
import { signal } from '@preact/signals';
import { t } from '../../i18n/i18n.ts';
import { order, waiting } from '../../state/jobs.ts';
import { moveOne } from './job-acts.ts';

/** Spoken after a move. */
export const moved = signal('');

const ids = (): string[] => waiting.value.map(({ id }) => id);

const tell = (id: string): void => {
  moved.value = t('queue.moved', { place: ids().indexOf(id) + 1 });
};

/** One place up or down; at an end nothing happens. */
export async function moveBy(id: string, by: 1 | -1): Promise<void> {
  const list = ids();
  const to = list.indexOf(id) + by;
  if (to < 0 || to >= list.length) return;
  await place(id, to);
}

/** Shown at once, then asked for. */
async function place(id: string, to: number): Promise<void> {
  const rest = ids().filter((other) => other !== id);
  rest.splice(to, 0, id);
  order.value = rest;
  await moveOne(id, rest[to + 1] ?? null);
  tell(id);
}

/** The waiting job whose row is at a height. */
function rowAt(y: number): string | undefined {
  const waits = ids();
  const rows = [...document.querySelectorAll<HTMLElement>('.job[data-job]')];
  return rows.find((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return waits.includes(row.dataset.job ?? '') && y >= top && y < bottom;
  })?.dataset.job;
}

/** Rows change places while the grip is dragged over them; letting go asks the service. Escape puts all back. */
export function startDrag(event: PointerEvent, id: string): void {
  if (event.button !== 0) return;
  event.preventDefault();
  const grip = event.currentTarget as HTMLElement;
  grip.setPointerCapture(event.pointerId);
  const before = order.value;
  const first = ids();
  const move = ({ clientY }: PointerEvent): void => {
    const over = rowAt(clientY);
    if (over === undefined || over === id) return;
    const list = ids();
    const rest = list.filter((other) => other !== id);
    rest.splice(list.indexOf(over), 0, id);
    order.value = rest;
  };
  const end = (keep: boolean): void => {
    grip.removeEventListener('pointermove', move);
    grip.removeEventListener('pointerup', drop);
    grip.removeEventListener('pointercancel', back);
    removeEventListener('keydown', key, true);
    const to = ids().indexOf(id);
    if (!keep) order.value = before;
    else if (to !== first.indexOf(id)) void place(id, to);
  };
  const drop = (): void => end(true);
  const back = (): void => end(false);
  const key = (pressed: KeyboardEvent): void => {
    if (pressed.key !== 'Escape') return;
    pressed.preventDefault();
    pressed.stopPropagation();
    back();
  };
  grip.addEventListener('pointermove', move);
  grip.addEventListener('pointerup', drop);
  grip.addEventListener('pointercancel', back);
  addEventListener('keydown', key, true);
}
