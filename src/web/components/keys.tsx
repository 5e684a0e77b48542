import type { JSX } from 'preact';
import { showKey } from '../actions/keyboard.ts';

/** A key, or several at once, as caps. */
export const Keys = ({ keys }: { readonly keys: string }): JSX.Element => (
  <kbd class="kbd" aria-hidden="true">
    {showKey(keys).join(' ')}
  </kbd>
);
