/** Presets with what they take here, and what was changed since. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { moveInRadios } from '../../components/controls.tsx';
import { NamePopover } from '../../components/name-popover.tsx';
import { MenuButton } from '../../components/select.tsx';
import { formatBytes, formatDuration, t } from '../../i18n/i18n.ts';
import { currentPreset, type Preset, presets } from '../../state/catalogue.ts';
import { project } from '../../state/document.ts';
import { estimates } from '../../state/estimates.ts';
import { removeOwnPreset, saveOwnPreset } from '../../state/own-presets.ts';
import { exportPreset, importPreset } from '../../state/preset-files.ts';
import { choosePreset, isModified, resetOptions, saveAsPreset } from '../../state/presets.ts';
import { setViewMode } from '../../state/stage.ts';
import { showToast } from '../../state/toasts.ts';
import { StepTitle } from '../empty/step-title.tsx';
import { presetName } from './preset-name.ts';

function Row({ preset }: { readonly preset: Preset }): JSX.Element {
  const isChosen = preset.name === currentPreset.value.name;
  const { seconds, memoryBytes } = estimates.value.get(preset.name) ?? {};
  const time = seconds === undefined ? undefined : formatDuration(seconds);
  return (
    <button
      type="button"
      role="radio"
      aria-checked={isChosen}
      aria-disabled={preset.problem === undefined ? undefined : 'true'}
      title={preset.problem}
      tabIndex={isChosen ? 0 : -1}
      class="preset"
      onKeyDown={moveInRadios}
      onClick={() => preset.problem === undefined && choosePreset(preset)}
    >
      <span class="check">
        <span class={isChosen ? 'box radio on' : 'box radio'} />
      </span>
      <span class="med cut" dir="auto">
        {presetName(preset.name)}
      </span>
      <span class="end t2">{time}</span>
      <span class="t3 mem">{memoryBytes === undefined ? '' : formatBytes(memoryBytes)}</span>
    </button>
  );
}

function Hint(): JSX.Element {
  const { target } = project.value.value;
  const key =
    target === undefined ? 'preset.later' : estimates.value.size === 0 ? 'preset.measuring' : 'preset.measured';
  return <p class="hint after-presets">{t(key)}</p>;
}

/** @param isStep the third of three moves, while nothing is there */
export function Presets({ isStep }: { readonly isStep: boolean }): JSX.Element {
  const title = useRef<HTMLDivElement | null>(null);
  const [isNaming, setNaming] = useState(false);
  const current = currentPreset.value;
  const save = (name: string): void => {
    saveAsPreset(name);
    showToast({ kind: 'success', text: t('preset.saved', { name }) });
  };
  const remove = (): void => {
    removeOwnPreset(current.name);
    choosePreset({ name: 'balanced', options: {}, origin: 'built-in' });
    const bringBack = (): void => {
      saveOwnPreset(current);
      choosePreset(current);
    };
    const actions = [{ label: t('undo'), run: bringBack }];
    showToast({ kind: 'info', text: t('preset.removed', { name: current.name }), actions });
  };
  return (
    <section>
      {isStep ? (
        <StepTitle number={3} title={t('start')} />
      ) : (
        <div class="h" ref={title} tabIndex={-1}>
          <h2>{t('preset.title')}</h2>
          <span class="grow" />
          {isModified.value && (
            <>
              <span class="chip">{t('preset.modified')}</span>
              <button type="button" class="link xs" onClick={resetOptions}>
                {t('preset.reset')}
              </button>
            </>
          )}
          <MenuButton
            label={t('preset.menu')}
            items={[
              {
                label: t('view.presets'),
                icon: 'grid',
                run: () => setViewMode('presets'),
              },
              { label: t('preset.save'), icon: 'plus', run: () => setNaming(true) },
              { label: t('preset.import'), icon: 'upload', run: () => void importPreset() },
              { label: t('preset.export'), icon: 'download', run: exportPreset },
              ...(current.origin === 'own'
                ? [
                    {
                      label: t('preset.remove', { name: current.name }),
                      icon: 'trash' as const,
                      danger: true,
                      run: remove,
                    },
                  ]
                : []),
            ]}
          />
        </div>
      )}
      <div role="radiogroup" aria-label={t('preset.title')} class="presets">
        {presets.value.map((preset) => (
          <Row key={preset.name} preset={preset} />
        ))}
      </div>
      <Hint />
      {isNaming && title.current && (
        <NamePopover
          anchor={title.current}
          label={t('preset.save.name')}
          value=""
          onName={save}
          onClose={() => setNaming(false)}
        />
      )}
    </section>
  );
}
