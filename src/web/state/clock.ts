/** The time, as often as somebody can see it change. */
import { signal } from '@preact/signals';

/** Milliseconds since 1970, to the second. */
export const now = signal(Date.now());

setInterval(() => {
  // A hidden page shows nothing.
  if (!document.hidden) now.value = Date.now();
}, 1000);
