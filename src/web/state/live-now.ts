/** What actions ask about the live page before its parts have been fetched. */
import { signal } from '@preact/signals';

/** Frames come back. */
export const isLiveNow = signal(false);
/** A snapshot was asked for and is not there yet. */
export const isSnapping = signal(false);

/** A recording: `asked` until its first frame, `finishing` until the service has completed it. */
export type Recording =
  | { readonly state: 'off' | 'asked' | 'finishing' }
  /** @property since by `performance.now`. @property mostSeconds after which it ends by itself */
  | { readonly state: 'on'; readonly since: number; readonly mostSeconds: number };

export const recording = signal<Recording>({ state: 'off' });
