/** Frames of the target side by side, and which part of it is worked on. */
import type { JSX } from 'preact';
import { t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { filmstripUrl } from '../../state/assets.ts';
import { timelineOpen } from '../../state/stage.ts';
import { frameCount, range, target } from '../../state/target.ts';
import { pictureSize } from '../../state/zoom.ts';
import { TRACK } from './scrub.ts';
import { Strip } from './strip.tsx';
import { cellsOf } from './timeline-math.ts';
import { trackWidth } from './track-width.ts';
import { TrimHandle } from './trim-handle.tsx';

/** As the design has it, and twice as many pixels for sharp screens. */
const HEIGHT = 44;

export function FilmRow(): JSX.Element {
  const { width, height } = pictureSize.value;
  const count = cellsOf(trackWidth.value, HEIGHT, width / height);
  const id = target.value?.id;
  const { start, end } = range.value;
  const all = frameCount.value;
  const [from, to] = [(100 * start) / all, (100 * end) / all];
  return (
    <div class="tl-row film">
      {timelineOpen.value ? (
        <div class="name t2">
          <Icon name="film" />
          <span class="cut">{t('timeline.clip')}</span>
        </div>
      ) : (
        <span />
      )}
      <div class="filmbox" {...{ [TRACK]: '' }}>
        <div class="track">
          {id !== undefined && (
            <Strip path={filmstripUrl(id, count, Math.min(240, Math.round(HEIGHT * devicePixelRatio)))} />
          )}
        </div>
        {start > 0 && <span class="out" style={{ left: 0, width: `${from}%` }} />}
        {end < all && <span class="out" style={{ right: 0, width: `${100 - to}%` }} />}
        <span
          class={start > 0 || end < all ? 'trimbox' : 'trimbox is-all'}
          style={{ left: `${from}%`, right: `${100 - to}%` }}
        >
          <TrimHandle side="in" />
          <TrimHandle side="out" />
        </span>
      </div>
    </div>
  );
}
