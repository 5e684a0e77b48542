/** Project, pages, undo, search, device, settings. */
import type { JSX } from 'preact';
import { openPalette } from '../actions/help.ts';
import { redoAction, undoAction } from '../actions/project.ts';
import { ActionButton, IconButton } from '../components/button.tsx';
import { Keys } from '../components/keys.tsx';
import { type TextKey, t } from '../i18n/i18n.ts';
import { Icon } from '../icons/icon.tsx';
import { addressOf, isNarrow, isPhone, type Page, sheet, shownPage } from '../state/view.ts';
import { DeviceChip } from './device-chip.tsx';
import { ProjectMenu } from './project-menu.tsx';
import { SettingsMenu } from './settings-menu.tsx';

const LINKS = [
  ['swap', 'nav.swap'],
  ['live', 'nav.live'],
  ['verify', 'nav.verify'],
] as const satisfies readonly (readonly [Page, TextKey])[];

export const Brand = ({ name = t('app.name') }: { readonly name?: string }): JSX.Element => (
  <span class="brand">
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--accent-fill)" />
      <path d="M12 5.2a5.2 5.2 0 0 0-5.2 5.2c0 4 2.3 8.4 5.2 8.4z" fill="#fff" />
      <path d="M12 5.2a5.2 5.2 0 0 1 5.2 5.2c0 4-2.3 8.4-5.2 8.4" fill="none" stroke="#fff" stroke-width="1.6" />
    </svg>
    {name}
  </span>
);

const PAGE_TITLES: Readonly<Partial<Record<Page, TextKey>>> = {
  queue: 'phone.queue',
  results: 'phone.results',
  result: 'phone.results',
  verify: 'phone.verify',
  live: 'nav.live',
  system: 'nav.system',
};

/** Shows a side panel over the stage, where there is no room beside it. */
const SheetButtons = (): JSX.Element => (
  <>
    {(
      [
        ['left', 'users', 'panel.left'],
        ['right', 'list', 'sheet.right'],
      ] as const
    ).map(([side, icon, label]) => (
      <IconButton
        key={side}
        icon={icon}
        label={t(label)}
        expanded={sheet.value === side}
        pressed={sheet.value === side}
        onClick={() => {
          sheet.value = sheet.value === side ? undefined : side;
        }}
      />
    ))}
    <span class="sep" />
  </>
);

/** A small screen has its pages at its foot. */
const PhoneBar = (): JSX.Element => {
  const title = PAGE_TITLES[shownPage.value];
  return (
    <header class="top">
      {shownPage.value === 'swap' && <h1 class="sr">{t('app.name')}</h1>}
      {title ? <Brand name={t(title)} /> : <Brand />}
      <span class="grow" />
      <DeviceChip />
      <SettingsMenu />
    </header>
  );
};

export const TopBar = (): JSX.Element =>
  isPhone.value ? (
    <PhoneBar />
  ) : (
    <header class="top">
      {shownPage.value === 'swap' && <h1 class="sr">{t('app.name')}</h1>}
      <Brand />
      <ProjectMenu />
      <nav class="nav" aria-label={t('nav.main')}>
        {LINKS.map(([to, label]) => (
          <a key={to} href={addressOf(to)} aria-current={shownPage.value === to ? 'page' : undefined}>
            {t(label)}
          </a>
        ))}
      </nav>
      <span class="grow" />
      {isNarrow.value && (shownPage.value === 'swap' || shownPage.value === 'live') && <SheetButtons />}
      {shownPage.value === 'swap' && (
        <>
          <ActionButton action={undoAction} />
          <ActionButton action={redoAction} />
          <span class="sep" />
        </>
      )}
      <button type="button" class="cmdk" onClick={() => void openPalette.run()}>
        <Icon name="search" size={14} />
        <span class="cmdk-word">{t('search')}</span>
        <Keys keys="Ctrl+k" />
      </button>
      <DeviceChip />
      <SettingsMenu />
    </header>
  );
