/** Which key does what. */
import { signal } from '@preact/signals';
import type { Action } from './action.ts';

const STORED = 'facefusion.singleKeys';

/** Whether letters alone do something: people who dictate or use a switch may want them off (WCAG 2.1.4). */
export const singleKeys = signal(localStorage.getItem(STORED) !== 'off');

export function setSingleKeys(on: boolean): void {
  localStorage.setItem(STORED, on ? 'on' : 'off');
  singleKeys.value = on;
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform);

/** The name of what was pressed, as actions write it. */
export function keyOf(event: KeyboardEvent): string {
  const { key } = event;
  const names: string[] = [];
  if (isMac ? event.metaKey : event.ctrlKey) names.push('Ctrl');
  if (event.altKey) names.push('Alt');
  // Shift is part of `?`; of named keys and letters it is told.
  if (event.shiftKey && (key.length > 1 || /[a-z]/i.test(key))) names.push('Shift');
  names.push(key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key);
  return names.join('+');
}

/** How a key is shown: `⌘ ↵` on a Mac, `Ctrl ↵` elsewhere. */
export const showKey = (keys: string): readonly string[] =>
  keys.split(/\+(?=.)/).map((key) => SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key));

const SHOWN: Readonly<Record<string, string>> = {
  ...(isMac ? { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' } : {}),
  Enter: '↵',
  Escape: 'Esc',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
};

/** Keys that a focused control uses itself. */
const OWN_KEYS: Readonly<Record<string, RegExp>> = {
  slider: /^(Shift\+)?(Arrow\w+|Home|End|PageUp|PageDown)$/,
  radio: /^Arrow\w+$|^Space$/,
  switch: /^Space$|^Enter$/,
  button: /^Space$|^Enter$/,
  link: /^Enter$/,
  listbox: /^(Arrow\w+|Home|End|Enter|Space|.)$/,
  // Options lie below each other: the other arrows go on through the frames.
  option: /^(ArrowUp|ArrowDown|Enter|Space)$/,
  menuitem: /^(Arrow\w+|Home|End|Enter|Space)$/,
  tab: /^Arrow\w+$/,
};

const roleOf = (element: Element): string =>
  element.getAttribute('role') ?? { BUTTON: 'button', A: 'link' }[element.tagName] ?? '';

/** True while the focus is where a pointer put it: Space then plays, as everywhere in video tools, and presses nothing. */
let isFocusByPointer = false;

/** Whether the focused element wants this key for itself. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type=range]), textarea, [contenteditable=true]'))
    return !/^(Ctrl|Alt)\+|^Escape$|^F\d/.test(key);
  if (key === 'Space' && isFocusByPointer && !target.closest('dialog, [popover], [role=listbox]')) return false;
  return OWN_KEYS[roleOf(target)]?.test(key) ?? false;
}

/**
 * Listens to the keyboard and runs what is asked for.
 * @param actions all that there are
 * @param isBlocked true while a dialog is open: only its own keys count then
 * @returns ends it
 */
export function listenToKeys(actions: readonly Action[], isBlocked: () => boolean): () => void {
  const onPointer = (): void => {
    isFocusByPointer = true;
  };
  const onMove = (event: KeyboardEvent): void => {
    if (event.key === 'Tab' || event.key === 'F6') isFocusByPointer = false;
  };
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || isBlocked()) return;
    const key = keyOf(event);
    if (key.length === 1 && !singleKeys.value && key !== '?') return;
    if (isTaken(event.target, key)) return;
    const action = actions.find(({ keys }) => keys?.includes(key));
    if (!action || action.disabled?.() !== undefined) return;
    event.preventDefault();
    // Some browsers press a button when Space comes up.
    if (key === 'Space') addEventListener('keyup', (up) => up.preventDefault(), { once: true, capture: true });
    if (event.repeat && !action.repeats) return;
    void action.run();
  };
  addEventListener('pointerdown', onPointer, true);
  addEventListener('keydown', onMove, true);
  addEventListener('keydown', listen);
  return () => {
    removeEventListener('pointerdown', onPointer, true);
    removeEventListener('keydown', onMove, true);
    removeEventListener('keydown', listen);
  };
}
