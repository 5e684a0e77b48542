/** How far something is, in figures that do not move about. */
import type { JSX } from 'preact';

export interface ProgressProps {
  readonly label: string;
  /** 0..1; undefined: not known yet. */
  readonly share: number | undefined;
  readonly kind?: 'running' | 'success' | 'danger' | 'idle';
  readonly large?: boolean;
}

export const Progress = ({ label, share, kind = 'running', large = false }: ProgressProps): JSX.Element => {
  const percent = share === undefined ? undefined : Math.floor(share * 100);
  return (
    <span
      class={['bar', kind === 'running' ? '' : kind, large ? 'lg' : ''].filter((name) => name).join(' ')}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <i style={{ '--v': `${(share ?? 0) * 100}%` }} />
    </span>
  );
};

/** The same size as what follows, while that is on its way. */
export const Skeleton = ({
  width = '100%',
  height = 16,
}: {
  readonly width?: string;
  readonly height?: number;
}): JSX.Element => <span class="skel" aria-hidden="true" style={{ width, height: `${height}px` }} />;
