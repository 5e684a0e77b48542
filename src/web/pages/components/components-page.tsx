/** Every component in every state: the design system, to look at. States that need a pointer are drawn by their class. */
import type { JSX } from 'preact';
import { Segmented } from '../../components/controls.tsx';
import { t } from '../../i18n/i18n.ts';
import { setTheme, theme } from '../../state/view.ts';
import { c } from './component-texts.ts';
import { InputSpecimens } from './input-specimens.tsx';
import { MessageSpecimens } from './message-specimens.tsx';
import { SurfaceSpecimens } from './surface-specimens.tsx';

export default function ComponentsPage(): JSX.Element {
  return (
    <main class="page">
      <div class="sheetpage">
        <div class="page-h">
          <div>
            <h1>{c('title')}</h1>
            <p>{c('lead')}</p>
          </div>
          <span class="grow" />
          <Segmented
            label={c('theme')}
            value={theme.value}
            onChange={setTheme}
            choices={[
              { value: 'light', label: t('settings.theme.light') },
              { value: 'dark', label: t('settings.theme.dark') },
              { value: 'system', label: t('settings.theme.system') },
            ]}
          />
        </div>
        <InputSpecimens />
        <SurfaceSpecimens />
        <MessageSpecimens />
      </div>
    </main>
  );
}
