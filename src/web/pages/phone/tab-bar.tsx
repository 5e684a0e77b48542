/** On a phone: the queue, results and verifying; editing is for wider screens. */
import type { JSX } from 'preact';
import { type TextKey, t } from '../../i18n/i18n.ts';
import { Icon, type IconName } from '../../icons/icon.tsx';
import { addressOf, type Page, shownPage } from '../../state/view.ts';

const TABS = [
  ['queue', 'phone.queue', 'list'],
  ['results', 'phone.results', 'image'],
  ['verify', 'phone.verify', 'shield'],
] as const satisfies readonly (readonly [Page, TextKey, IconName])[];

export const TabBar = (): JSX.Element => {
  const shown = shownPage.value === 'result' ? 'results' : shownPage.value;
  return (
    <nav class="tabbar" aria-label={t('tabs.phone')}>
      {TABS.map(([page, label, icon]) => (
        <a key={page} href={addressOf(page)} aria-current={shown === page ? 'page' : undefined}>
          <Icon name={icon} size={20} />
          {t(label)}
        </a>
      ))}
    </nav>
  );
};
