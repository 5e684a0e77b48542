/** Project, pages, undo, search, device, settings. */
import type { JSX } from 'preact';
import { IconButton } from '../components/button.tsx';
import { type TextKey, t } from '../i18n/i18n.ts';
import { project } from '../state/document.ts';
import { addressOf, type Page, page } from '../state/view.ts';

const LINKS = [
  ['swap', 'nav.swap'],
  ['live', 'nav.live'],
  ['verify', 'nav.verify'],
] as const satisfies readonly (readonly [Page, TextKey])[];

export const Brand = (): JSX.Element => (
  <span class="brand">
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--accent-fill)" />
      <path d="M12 5.2a5.2 5.2 0 0 0-5.2 5.2c0 4 2.3 8.4 5.2 8.4z" fill="#fff" />
      <path d="M12 5.2a5.2 5.2 0 0 1 5.2 5.2c0 4-2.3 8.4-5.2 8.4" fill="none" stroke="#fff" stroke-width="1.6" />
    </svg>
    {t('app.name')}
  </span>
);

export const TopBar = (): JSX.Element => (
  <header class="top">
    <Brand />
    <nav class="nav" aria-label={t('nav.main')}>
      {LINKS.map(([to, label]) => (
        <a key={to} href={addressOf(to)} aria-current={page.value === to ? 'page' : undefined}>
          {t(label)}
        </a>
      ))}
    </nav>
    <span class="grow" />
    <IconButton icon="undo" label={t('undo')} keys="Ctrl+z" onClick={() => project.undo()} />
    <IconButton icon="redo" label={t('redo')} keys="Ctrl+Shift+z" onClick={() => project.redo()} />
  </header>
);
