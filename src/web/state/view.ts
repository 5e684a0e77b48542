/** What is looked at: thrown away with the page. */
import { signal } from '@preact/signals';

export const PAGES = ['swap', 'live', 'verify', 'system', 'components'] as const;
export type Page = (typeof PAGES)[number];

const pageOf = (hash: string): Page => PAGES.find((page) => hash === `#/${page}`) ?? 'swap';

/** Kept in the address, so that reload and the back button work. */
export const page = signal<Page>(pageOf(location.hash));
addEventListener('hashchange', () => {
  page.value = pageOf(location.hash);
});

export const addressOf = (to: Page): string => `#/${to}`;

export type Theme = 'system' | 'light' | 'dark';
const STORED_THEME = 'facefusion.theme';
const storedTheme = localStorage.getItem(STORED_THEME);

export const theme = signal<Theme>(storedTheme === 'light' || storedTheme === 'dark' ? storedTheme : 'system');

/** Remembered; `system` follows the system as it changes. */
export function setTheme(next: Theme): void {
  localStorage.setItem(STORED_THEME, next);
  theme.value = next;
}
