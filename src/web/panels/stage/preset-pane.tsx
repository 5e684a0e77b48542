/** The frame as one preset makes it; choosing it there chooses the preset. */
import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { formatDuration, t } from '../../i18n/i18n.ts';
import { currentPreset, type Preset } from '../../state/catalogue.ts';
import { errorWords } from '../../state/error-words.ts';
import { presetPictures } from '../../state/preset-pictures.ts';
import { choosePreset } from '../../state/presets.ts';
import { presetName } from '../right/preset-name.ts';
import { Picture } from './picture.tsx';
import { shownFrame } from './what-is-shown.ts';

export function PresetPane({ preset }: { readonly preset: Preset }): JSX.Element {
  const { name } = preset;
  const made = presetPictures.value.get(name) ?? { state: 'making' };
  const isChosen = name === currentPreset.value.name;
  // Pixels of another frame are never shown.
  const shown = useComputed(() => {
    const one = presetPictures.value.get(name);
    return one?.state === 'there' && one.picture.frame === shownFrame.value ? one.picture : undefined;
  });
  const picture = shown.value;
  return (
    <div class="stage-pane">
      <div class={picture ? 'stage-view' : 'stage-view is-empty'} aria-busy={!picture && made.state !== 'failed'}>
        <div class="stage-layer is-picture">
          <Picture of={shown} />
        </div>
        <div class="hud tr">
          <span class="chip onpic">
            <span class={`dot on-${picture ? 'success' : made.state === 'failed' ? 'danger' : 'info'}`} />
            {picture ? formatDuration(picture.seconds) : t(made.state === 'failed' ? 'stage.failed' : 'stage.making')}
          </span>
        </div>
        {made.state === 'failed' && <p class="stage-why">{errorWords(made.error).why}</p>}
        <div class="hud tl">
          <button type="button" class="chip onpic" aria-pressed={isChosen} onClick={() => choosePreset(preset)}>
            {t(isChosen ? 'stage.preset.chosen' : 'stage.preset.use', { name: presetName(preset.name) })}
          </button>
        </div>
      </div>
    </div>
  );
}
