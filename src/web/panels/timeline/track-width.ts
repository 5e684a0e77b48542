import { signal } from '@preact/signals';

/** Of the part that is as wide as the target, in CSS pixels. */
export const trackWidth = signal(720);
