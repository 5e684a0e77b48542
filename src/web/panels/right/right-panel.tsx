/** How it is made, and Start. */
import type { JSX } from 'preact';
import { t } from '../../i18n/i18n.ts';
import { project } from '../../state/document.ts';
import { scope } from '../../state/range-settings.ts';
import { Foot } from './foot.tsx';
import { Options } from './options.tsx';
import { Presets } from './presets.tsx';
import { RangeScope } from './range-scope.tsx';
import { Reopen } from './reopen.tsx';

export function RightPanel(): JSX.Element {
  const { sources, target } = project.value.value;
  const range = scope.value;
  const isEmpty = sources.length === 0 && target === undefined;
  return (
    <aside class="panel right" aria-label={t('panel.right')}>
      {range ? <RangeScope range={range} /> : <Presets isStep={isEmpty} />}
      {isEmpty ? <Reopen /> : !range?.off && <Options />}
      <Foot />
    </aside>
  );
}
