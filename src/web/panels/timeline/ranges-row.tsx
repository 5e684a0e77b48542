/** Parts with settings of their own: which there are, where they begin and end. */
import type { JSX } from 'preact';
import { formatTimecode, t } from '../../i18n/i18n.ts';
import { Icon } from '../../icons/icon.tsx';
import { project, type RangeSettings } from '../../state/document.ts';
import { isPlaying } from '../../state/preview.ts';
import { moveRangeEdge, removeRange, selectRange } from '../../state/range-edits.ts';
import { boundsOf, changesIn, scope } from '../../state/range-settings.ts';
import { fps, frameCount, seek } from '../../state/target.ts';
import { EdgeHandle } from './edge-handle.tsx';

/** What a range has of its own, in a word. */
export function inShort(range: RangeSettings): string {
  if (range.off) return t('ranges.off');
  const count = changesIn(range);
  if (count === 0) return t('ranges.same');
  return count === 1 ? t('ranges.one') : t('ranges.several', { count });
}

/** From the first frame to the last one. */
export const timesOf = ({ start, end }: RangeSettings): { readonly from: string; readonly to: string } => ({
  from: formatTimecode(start, fps.value),
  to: formatTimecode(end - 1, fps.value),
});

function Edge({ range, side }: { readonly range: RangeSettings; readonly side: 'start' | 'end' }): JSX.Element {
  const isStart = side === 'start';
  const { least, most } = boundsOf(project.value.value.ranges, range, side, frameCount.value);
  // Of the end, the last frame is told and moved.
  const last = isStart ? 0 : 1;
  return (
    <EdgeHandle
      class={`rangehandle at-${side}`}
      label={t(isStart ? 'ranges.start' : 'ranges.end')}
      at={range[side] - last}
      least={least - last}
      most={most - last}
      onMove={(to, merge) => seek(moveRangeEdge(range.id, side, to + last, merge) - last)}
    />
  );
}

function Segment({ range }: { readonly range: RangeSettings }): JSX.Element {
  const isSet = scope.value?.id === range.id;
  const all = frameCount.value;
  const classes = ['rangeseg', range.off ? 'is-off' : '', isSet ? 'is-set' : ''].filter((name) => name !== '');
  return (
    <span
      class={classes.join(' ')}
      style={{ left: `${(100 * range.start) / all}%`, width: `${(100 * (range.end - range.start)) / all}%` }}
    >
      <button
        type="button"
        data-testid="range"
        aria-pressed={isSet}
        aria-label={t('ranges.segment', { ...timesOf(range), what: inShort(range) })}
        aria-keyshortcuts="Delete"
        onClick={() => {
          isPlaying.value = false;
          selectRange(range);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Delete' && event.key !== 'Backspace') return;
          event.preventDefault();
          removeRange(range.id);
        }}
      >
        <span class="cut">{inShort(range)}</span>
      </button>
      {isSet && <Edge range={range} side="start" />}
      {isSet && <Edge range={range} side="end" />}
    </span>
  );
}

/** There once there is a range. */
export function RangesRow(): JSX.Element | null {
  const { ranges } = project.value.value;
  if (ranges.length === 0) return null;
  return (
    <div class="tl-row ranges" role="group" aria-label={t('ranges.title')}>
      <div class="name t2">
        <Icon name="brackets" />
        <span class="cut">{t('ranges.title')}</span>
      </div>
      <div class="track">
        {ranges.map((range) => (
          <Segment key={range.id} range={range} />
        ))}
      </div>
    </div>
  );
}
