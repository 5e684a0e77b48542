import { setLanguage } from '../i18n/i18n.ts';
import { addressOf, type Page, setTheme } from '../state/view.ts';
import { type Action, defineAction } from './action.ts';

const go = (page: Page, label: Action['label'], icon: NonNullable<Action['icon']>): Action =>
  defineAction({
    ...{ id: `go.${page}`, label, group: 'go', icon },
    run: () => {
      location.hash = addressOf(page);
    },
  });

export const viewActions: readonly Action[] = [
  go('swap', 'nav.swap', 'users'),
  go('live', 'nav.live', 'camera'),
  go('verify', 'nav.verify', 'shield'),
  go('system', 'nav.system', 'cpu'),
  defineAction({ id: 'theme.light', label: 'theme.light', group: 'view', icon: 'sun', run: () => setTheme('light') }),
  defineAction({ id: 'theme.dark', label: 'theme.dark', group: 'view', icon: 'moon', run: () => setTheme('dark') }),
  defineAction({ id: 'theme.system', label: 'theme.system', group: 'view', run: () => setTheme('system') }),
  defineAction({ id: 'language.en', label: 'language.en', group: 'view', icon: 'globe', run: () => setLanguage('en') }),
  defineAction({ id: 'language.zh', label: 'language.zh', group: 'view', icon: 'globe', run: () => setLanguage('zh') }),
];
