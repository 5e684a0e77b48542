/** Where the time went, as a bar and in words. */
import type { JSX } from 'preact';
import { formatDuration, type TextKey, t } from '../../i18n/i18n.ts';

/** Stages that mean the same to whoever waits. */
const GROUPS: readonly (readonly [TextKey, string, readonly string[]])[] = [
  ['time.read', 'var(--info)', ['decode', 'sources', 'models']],
  ['time.find', 'var(--accent-line)', ['people', 'faces', 'track', 'detect', 'mesh']],
  ['time.work', 'var(--accent-fill)', ['process', 'swap', 'warp', 'blend', 'hands', 'convert']],
  ['time.check', 'var(--text-3)', ['check', 'moderate', 'mark', 'publish']],
  ['time.write', 'var(--line-control)', ['encode', 'upload', 'post']],
];

/** Time in the queue is not work. */
const NOT_WORK = ['queued'];

export function groupTimings(timings: Readonly<Record<string, number>>) {
  const named = GROUPS.flatMap(([, , stages]) => stages);
  return GROUPS.map(([label, colour, stages]) => ({
    label,
    colour,
    seconds: Object.entries(timings)
      // What has no group of its own is work on the picture.
      .filter(([name]) => stages.includes(name) || (label === 'time.work' && ![...named, ...NOT_WORK].includes(name)))
      .reduce((sum, [, seconds]) => sum + seconds, 0),
  })).filter(({ seconds }) => seconds > 0);
}

export function Timings({ timings }: { readonly timings: Readonly<Record<string, number>> }): JSX.Element | null {
  const groups = groupTimings(timings);
  const all = groups.reduce((sum, { seconds }) => sum + seconds, 0);
  if (all === 0) return null;
  return (
    <>
      <span class="meter timings" aria-hidden="true">
        {groups.map(({ label, colour, seconds }) => (
          <i key={label} style={{ '--v': `${(seconds / all) * 100}%`, '--c': colour }} />
        ))}
      </span>
      <div class="stages">
        {groups.map(({ label, colour, seconds }) => (
          <span key={label}>
            <span class="row t3">
              <span class="dot" style={{ color: colour }} />
              {t(label)}
            </span>
            {formatDuration(seconds)}
          </span>
        ))}
      </div>
    </>
  );
}
