/** The first of three moves: a face. */
import type { JSX } from 'preact';
import { addSourceAction } from '../../actions/sources.ts';
import { Button } from '../../components/button.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { GOOD_WIDTH } from '../../state/judge-photo.ts';
import { dropPlace } from '../../state/page-drops.ts';
import { StepTitle } from './step-title.tsx';

/** @param fills there is nothing below it yet */
export const EmptySource = ({ fills }: { readonly fills: boolean }): JSX.Element => (
  <section class={fills ? 'grow empty-source' : 'empty-source'} data-drop="source">
    <StepTitle number={1} title={t('source.step')} />
    <div
      class={dropPlace.value?.kind === 'source' ? 'drop big is-over' : 'drop big'}
      role="group"
      aria-label={t('source.step')}
    >
      <span class="c-accent">
        <Icon name="user" size={32} />
      </span>
      <span class="drop-title">{t('source.drop')}</span>
      <span class="t3 drop-hint">{t('source.drop.hint')}</span>
      <Button size="sm" onClick={() => void addSourceAction.run()}>
        {t('source.choose')}
      </Button>
    </div>
    <ul class="good">
      <li>
        <span class="c-success">
          <Icon name="check" />
        </span>
        {t('source.good.light')}
      </li>
      <li>
        <span class="c-success">
          <Icon name="check" />
        </span>
        {t('source.good.size', { pixels: GOOD_WIDTH })}
      </li>
    </ul>
  </section>
);
