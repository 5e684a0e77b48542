/** What is looked at: thrown away with the page. */
import { computed, type ReadonlySignal, signal } from '@preact/signals';

export const PAGES = ['swap', 'live', 'verify', 'system', 'components', 'queue', 'results', 'result'] as const;
export type Page = (typeof PAGES)[number];

/** `#/result/job_…`: the page, and what it is about. */
const partsOf = (hash: string): readonly string[] => hash.replace(/^#\//, '').split('/').map(decodeURIComponent);
const pageOf = (hash: string): Page => PAGES.find((page) => page === partsOf(hash)[0]) ?? 'swap';
const subjectOf = (hash: string): string | undefined => partsOf(hash)[1];

/** Kept in the address, so that reload and the back button work. */
export const page = signal<Page>(pageOf(location.hash));
/** What the page is about, such as the id of a job. */
export const subject = signal(subjectOf(location.hash));
/** Whether somebody asked for a page by its address. */
export const hasAddress = signal(location.hash.startsWith('#/'));
addEventListener('hashchange', () => {
  page.value = pageOf(location.hash);
  subject.value = subjectOf(location.hash);
  hasAddress.value = location.hash.startsWith('#/');
});

export const addressOf = (to: Page, about?: string): string =>
  about === undefined ? `#/${to}` : `#/${to}/${encodeURIComponent(about)}`;

export type Theme = 'system' | 'light' | 'dark';
const STORED_THEME = 'facefusion.theme';
const storedTheme = localStorage.getItem(STORED_THEME);

export const theme = signal<Theme>(storedTheme === 'light' || storedTheme === 'dark' ? storedTheme : 'system');

/** Remembered; `system` follows the system as it changes. */
export function setTheme(next: Theme): void {
  localStorage.setItem(STORED_THEME, next);
  theme.value = next;
}

/** What lies over the page; one at a time. */
export const overlay = signal<'palette' | 'shortcuts' | undefined>(undefined);
export const queueOpen = signal(false);
/** Side panel that lies over the stage, where there is no room beside it. */
export const sheet = signal<'left' | 'right' | undefined>(undefined);
/** Name of an option that is to be shown among all options; whoever shows it empties it. */
export const optionToShow = signal<string | undefined>(undefined);

/** True while the window has the width that is asked for. */
function follow(query: string): ReadonlySignal<boolean> {
  const list = matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}
/** Side panels lie over the page. */
export const isNarrow = follow('(max-width: 899px)');
/** The queue, results and verifying first. */
export const isPhone = follow('(max-width: 599px)');

/** The person of the target that keys and menus act on. */
export const selectedPerson = signal<string | undefined>(undefined);

/** The range of the target whose settings are shown and changed; undefined: those of the whole video. */
export const selectedRange = signal<string | undefined>(undefined);

/** What is put in over the stage, from the right. */
export const allOptionsOpen = signal(false);

/** On a phone the queue comes first; elsewhere it lies over the workspace. */
export const shownPage = computed<Page>(() => {
  if (page.value === 'swap' && isPhone.value && !hasAddress.value) return 'queue';
  return page.value === 'queue' && !isPhone.value ? 'swap' : page.value;
});
if (page.value === 'queue') queueOpen.value = true;
