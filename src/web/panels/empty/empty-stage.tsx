/** The second of three moves: what is changed. Lies where the stage will be. */
import type { JSX } from 'preact';
import { chooseTargetAction } from '../../actions/sources.ts';
import { Button } from '../../components/button.tsx';
import { Keys } from '../../components/keys.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { dropPlace } from '../../state/page-drops.ts';
import { Refusals } from '../left/refusals.tsx';
import { StepTitle } from './step-title.tsx';
import result from './teach-result.svg?url';
import source from './teach-source.svg?url';
import target from './teach-target.svg?url';

/** What the product does, drawn: nobody that there is. */
const Teach = (): JSX.Element => (
  <span class="teach" aria-hidden="true">
    <span class="thumb sq">
      <img src={source} alt="" width={96} height={96} />
    </span>
    <Icon name="plus" />
    <span class="thumb wide">
      <img src={target} alt="" width={170} height={96} />
    </span>
    <Icon name="arrow" />
    <span class="thumb wide">
      <img src={result} alt="" width={170} height={96} />
    </span>
  </span>
);

export const EmptyStage = (): JSX.Element => (
  <>
    <div class="toolbar step-bar">
      <StepTitle number={2} title={t('target.step')} />
    </div>
    <div class="emptystage" data-drop="target">
      <div
        class={dropPlace.value?.kind === 'target' ? 'drop big is-over' : 'drop big'}
        role="group"
        aria-label={t('target.step')}
      >
        <Teach />
        <span class="drop-big-title">{t('target.drop')}</span>
        <span class="t2 drop-lead">{t('target.drop.hint')}</span>
        <span class="row drop-way">
          <Button onClick={() => void chooseTargetAction.run()}>{t('target.choose')}</Button>
          <span class="t3 row">
            {t('target.paste')} <Keys keys="Ctrl+v" />
          </span>
        </span>
        <span class="t3 xs drop-formats">{t('target.formats')}</span>
        <Refusals place="target" />
      </div>
    </div>
  </>
);
