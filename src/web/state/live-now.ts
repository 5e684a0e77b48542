/** What actions ask about the live page before its parts have been fetched. */
import { signal } from '@preact/signals';

/** Frames come back. */
export const isLiveNow = signal(false);
/** A snapshot was asked for and is not there yet. */
export const isSnapping = signal(false);
