/** Whose face is put in: one of the project's people, changed while it goes on. */
import type { JSX } from 'preact';
import { singleKeys } from '../../actions/keyboard.ts';
import { addSourceAction } from '../../actions/sources.ts';
import { IconButton } from '../../components/button.tsx';
import { moveInRadios } from '../../components/controls.tsx';
import { t } from '../../i18n/i18n.ts';
import { SourceLook } from '../../panels/left/source-look.tsx';
import { liveSource } from './live-choices.ts';
import { liveSources } from './live-session.ts';

const chosen = (): string | undefined =>
  (liveSources.value.find(({ id }) => id === liveSource.value) ?? liveSources.value[0])?.id;

export const LiveSources = (): JSX.Element => (
  <section data-drop="source">
    <div class="h">
      <h2 id="live-source">{t('live.source')}</h2>
      <span class="grow" />
      <IconButton icon="plus" label={t('source.add')} onClick={() => void addSourceAction.run()} />
    </div>
    <div role="radiogroup" aria-labelledby="live-source" class="sources live-sources">
      {liveSources.value.map((source) => (
        <button
          type="button"
          role="radio"
          key={source.id}
          aria-checked={chosen() === source.id}
          tabIndex={chosen() === source.id ? 0 : -1}
          class={chosen() === source.id ? 'src is-chosen' : 'src'}
          onKeyDown={moveInRadios}
          onClick={() => {
            liveSource.value = source.id;
          }}
        >
          <SourceLook source={source} />
        </button>
      ))}
    </div>
    {liveSources.value.length > 1 && (
      <p class="hint after-cards">
        {t('live.keys.before')} <kbd class="kbd">1</kbd> <kbd class="kbd">2</kbd> {t('live.keys.after')}
      </p>
    )}
  </section>
);

/** Digits choose a person, whatever they do elsewhere. @returns ends it */
export function listenToDigits(): () => void {
  const listen = (event: KeyboardEvent): void => {
    const { key, target } = event;
    if (!/^[1-8]$/.test(key) || event.ctrlKey || event.metaKey || event.altKey || !singleKeys.value) return;
    if (target instanceof Element && target.closest('input, textarea, dialog, [popover]')) return;
    const source = liveSources.value[Number(key) - 1];
    event.preventDefault();
    if (source) liveSource.value = source.id;
  };
  addEventListener('keydown', listen, true);
  return () => removeEventListener('keydown', listen, true);
}
