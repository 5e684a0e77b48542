/** The last minute in numbers and as a line. */
import type { JSX } from 'preact';
import { formatNumber, t } from '../../i18n/i18n.ts';
import { rates, stats } from './live-session.ts';

const WIDTH = 272;
const HEIGHT = 48;
/** Seconds across. */
const SECONDS = 60;

export function LiveFigures(): JSX.Element {
  const now = stats.value;
  return (
    <section>
      <div class="h">
        <h2>{t('live.figures')}</h2>
      </div>
      <dl class="kv numr live-figures">
        <dt>{t('live.shown')}</dt>
        <dd class="tnum">{formatNumber(now?.shown ?? 0)}</dd>
        <dt>{t('live.dropped')}</dt>
        <dd class="tnum">{formatNumber(now?.dropped ?? 0)}</dd>
        <dt>{t('live.noFace')}</dt>
        <dd class="tnum">{formatNumber(now?.withoutFace ?? 0)}</dd>
        <dt>{t('live.cameraFps')}</dt>
        <dd class="tnum">{formatNumber(now?.cameraFps ?? 0)}</dd>
      </dl>
      <Chart values={rates.value} />
    </section>
  );
}

function Chart({ values }: { readonly values: readonly number[] }): JSX.Element {
  const most = Math.max(30, ...values);
  const first = SECONDS - values.length;
  const points = values.map(
    (value, at) =>
      `${(((first + at) / (SECONDS - 1)) * WIDTH).toFixed(1)} ${(HEIGHT - 1 - (value / most) * (HEIGHT - 4)).toFixed(1)}`,
  );
  const line = points.length > 1 ? `M${points.join('L')}` : '';
  const start = ((first / (SECONDS - 1)) * WIDTH).toFixed(1);
  const last = values.at(-1);
  return (
    <svg
      class="live-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={last === undefined ? t('live.chart.none') : t('live.chart', { fps: last })}
    >
      <path d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} stroke="var(--line)" />
      {line !== '' && (
        <>
          <path d={`${line}V${HEIGHT}H${start}Z`} fill="var(--accent-soft)" />
          <path d={line} fill="none" stroke="var(--accent)" stroke-width="1.5" />
        </>
      )}
    </svg>
  );
}
