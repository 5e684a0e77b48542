/** Places to come back to. */
import type { JSX } from 'preact';
import { formatTimecode, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { project } from '../../state/document.ts';
import { frame, isPlaying } from '../../state/preview.ts';
import { removeMarker } from '../../state/range.ts';
import { fps, frameCount, seek } from '../../state/target.ts';

export const MarkersRow = (): JSX.Element => (
  <div class="tl-row marks">
    <div class="name t3">
      <Icon name="flag" />
      <span class="cut">{t('timeline.markers')}</span>
    </div>
    <div class="track">
      {project.value.value.markers.map(({ frame: at }) => {
        const time = formatTimecode(at, fps.value);
        return (
          <button
            type="button"
            key={at}
            class={at === frame.value ? 'mk is-here' : 'mk'}
            style={{ left: `${(100 * at) / frameCount.value}%` }}
            aria-label={t('timeline.marker', { time })}
            aria-keyshortcuts="Delete"
            onClick={() => {
              isPlaying.value = false;
              seek(at);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Delete' && event.key !== 'Backspace') return;
              event.preventDefault();
              removeMarker(at);
            }}
          >
            <Icon name="flag" />
            {time}
          </button>
        );
      })}
    </div>
  </div>
);
