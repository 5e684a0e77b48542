/** Short messages that go by themselves; undo instead of a question. */
import { signal } from '@preact/signals';
import type { IconName } from '../icons/icon.tsx';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'info' | 'success' | 'warning' | 'danger';
  readonly icon?: IconName;
  /** Waits for an answer: it does not go by itself. */
  readonly stays?: true;
  /** At most two. */
  readonly actions?: readonly { readonly label: string; readonly run: () => void }[];
}

/** At once; the oldest goes first. */
const AT_MOST = 3;
/** How long one stays while nobody looks at it. */
const STAYS_MS = 6000;

export const toasts = signal<readonly Toast[]>([]);
const timers = new Map<number, number>();
let last = 0;

export function showToast(toast: Omit<Toast, 'id'>): number {
  const id = ++last;
  toasts.value = [...toasts.value, { ...toast, id }].slice(-AT_MOST);
  resumeToast(id);
  return id;
}

export function dropToast(id: number): void {
  pauseToast(id);
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** While it is hovered or focused. */
export function pauseToast(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

export function resumeToast(id: number): void {
  pauseToast(id);
  if (toasts.value.find((toast) => toast.id === id)?.stays) return;
  timers.set(
    id,
    window.setTimeout(() => dropToast(id), STAYS_MS),
  );
}
