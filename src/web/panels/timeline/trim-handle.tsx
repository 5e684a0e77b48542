/** In or out. */
import type { JSX } from 'preact';
import { t } from '../../i18n/i18n.ts';
import { setRange } from '../../state/range.ts';
import { frameCount, range, seek } from '../../state/target.ts';
import { EdgeHandle } from './edge-handle.tsx';

export function TrimHandle({ side }: { readonly side: 'in' | 'out' }): JSX.Element {
  const isIn = side === 'in';
  const { start, end } = range.value;
  return (
    <EdgeHandle
      class={`trimhandle at-${side}`}
      label={t(isIn ? 'timeline.in' : 'timeline.out')}
      // Told and moved is the first and the last frame that is worked on.
      at={isIn ? start : end - 1}
      least={isIn ? 0 : start}
      most={isIn ? end - 1 : frameCount.value - 1}
      onMove={(to, merge) => {
        if (isIn) setRange(to, end, merge);
        else setRange(start, to + 1, merge);
        seek(to);
      }}
    />
  );
}
