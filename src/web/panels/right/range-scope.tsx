/** The range that is being set: in the place of the presets, which are for the whole video. */
import type { JSX } from 'preact';
import { leaveRangeAction, removeRangeAction } from '../../actions/timeline.ts';
import { ActionButton, Button } from '../../components/button.tsx';
import { Toggle } from '../../components/controls.tsx';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import type { RangeSettings } from '../../state/document.ts';
import { resetRange, setRangeOff } from '../../state/range-edits.ts';
import { changesIn } from '../../state/range-settings.ts';
import { inShort, timesOf } from '../timeline/ranges-row.tsx';

export function RangeScope({ range }: { readonly range: RangeSettings }): JSX.Element {
  return (
    <section class="range-scope" data-testid="range-settings" aria-label={t('ranges.at', timesOf(range))}>
      <div class="h">
        <Icon name="brackets" />
        <h2>{t('ranges.button')}</h2>
        <span class="grow" />
        {changesIn(range) > 0 && (
          <>
            <span class="chip">{inShort(range)}</span>
            <button type="button" class="link xs" onClick={() => resetRange(range.id)}>
              {t('ranges.reset')}
            </button>
          </>
        )}
        <ActionButton action={removeRangeAction} />
      </div>
      <p class="tc">
        {timesOf(range).from} – {timesOf(range).to}
      </p>
      <div class="opt-row">
        <span class="label">{t('ranges.on')}</span>
        <Toggle label={t('ranges.on')} on={!range.off} onChange={(on) => setRangeOff(range.id, !on)} />
      </div>
      <p class="hint">{t(range.off ? 'ranges.on.hint' : 'ranges.hint')}</p>
      <Button size="sm" icon="film" keys={leaveRangeAction.keys?.[0]} onClick={() => void leaveRangeAction.run()}>
        {t('ranges.whole')}
      </Button>
    </section>
  );
}
