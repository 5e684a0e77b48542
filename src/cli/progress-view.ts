import type { ProgressEvent } from '../core/progress.ts';
import { formatBytes } from './table.ts';

/** Where there is no terminal, a line at most this often. */
const LINE_EVERY_MILLISECONDS = 10_000;
const BAR_WIDTH = 24;

/** Shows progress as one line that redraws itself, or as a line now and then where nobody can redraw. */
export interface ProgressView {
  show(event: ProgressEvent): void;
  /** Takes the bar off the screen; the next `show` draws it again. */
  clear(): void;
}

export interface ProgressViewOptions {
  readonly isTty: boolean;
  columns(): number;
  write(text: string): void;
  /** Milliseconds, any origin. */
  now?(): number;
}

/** `75 s` as `1:15`, `3700 s` as `1:01:40`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** The event in words, without control characters: `process 45/250 · 23.1 fps · 0:09 left`. */
export function describeProgress(event: ProgressEvent): string {
  const words = event.stage === 'download' ? formatBytes : String;
  const count = event.total === undefined ? words(event.done) : `${words(event.done)}/${words(event.total)}`;
  const parts = [`${event.stage} ${count}`];
  if (event.fps !== undefined) parts.push(`${event.fps.toFixed(1)} fps`);
  if (event.etaSeconds !== undefined) parts.push(`${formatSeconds(event.etaSeconds)} left`);
  return parts.join(' · ');
}

function drawBar(event: ProgressEvent, columns: number): string {
  const text = describeProgress(event);
  if (event.total === undefined || event.total === 0) return text.slice(0, columns - 1);
  const filled = Math.round((BAR_WIDTH * Math.min(event.done, event.total)) / event.total);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${text}`.slice(0, columns - 1);
}

/** Creates the view of one command. */
export function createProgressView(options: ProgressViewOptions): ProgressView {
  const now = options.now ?? (() => performance.now());
  let isDrawn = false;
  // The first line comes after the first ten seconds: short runs stay silent.
  let lastLine = now();
  return {
    show(event) {
      if (options.isTty) {
        options.write(`\r\u001b[2K${drawBar(event, options.columns())}`);
        isDrawn = true;
      } else if (now() - lastLine >= LINE_EVERY_MILLISECONDS) {
        lastLine = now();
        options.write(`${describeProgress(event)}\n`);
      }
    },
    clear() {
      if (isDrawn) options.write('\r\u001b[2K');
      isDrawn = false;
    },
  };
}
