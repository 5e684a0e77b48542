/** How well, and how fast; a session that goes on begins anew with it. */
import type { JSX } from 'preact';
import { moveInRadios, Slider, Toggle } from '../../components/controls.tsx';
import { formatNumber, t } from '../../i18n/i18n.ts';
import { presetName } from '../../panels/right/preset-name.ts';
import { BLUR, hasEnhancer, LIVE_PRESETS, livePreset, maskBlur, measured } from './live-choices.ts';

export const LiveQuality = (): JSX.Element => (
  <>
    <section>
      <div class="h">
        <h2 id="live-quality">{t('live.quality')}</h2>
      </div>
      <div role="radiogroup" aria-labelledby="live-quality" class="presets">
        {LIVE_PRESETS.map((name) => (
          <button
            type="button"
            role="radio"
            key={name}
            aria-checked={livePreset.value === name}
            tabIndex={livePreset.value === name ? 0 : -1}
            class="preset"
            onKeyDown={moveInRadios}
            onClick={() => {
              livePreset.value = name;
            }}
          >
            <span class="check">
              <span class={livePreset.value === name ? 'box radio on' : 'box radio'} />
            </span>
            <span class="med cut">{presetName(name)}</span>
            <span class="end t2 tnum">
              {measured.value[name] === undefined ? '' : t('live.fps', { fps: formatNumber(measured.value[name]) })}
            </span>
          </button>
        ))}
      </div>
      <p class="hint after-presets">{t('live.quality.hint')}</p>
    </section>
    <section>
      <div class="h">
        <h2>{t('options.title')}</h2>
      </div>
      <div class="opt">
        <Slider
          label={t('live.maskBlur')}
          {...BLUR}
          value={maskBlur.value}
          onChange={(value) => {
            maskBlur.value = value;
          }}
        />
      </div>
      <div class="opt">
        <div class="opt-row">
          <span class="label">{t('live.enhancer')}</span>
          <Toggle
            label={t('live.enhancer')}
            on={hasEnhancer.value}
            onChange={(on) => {
              hasEnhancer.value = on;
            }}
          />
        </div>
      </div>
    </section>
  </>
);
