import type { JSX } from 'preact';

/** A title with the number of its move. */
export const StepTitle = ({ number, title }: { readonly number: number; readonly title: string }): JSX.Element => (
  <div class="h">
    <span class="stepn" aria-hidden="true">
      {number}
    </span>
    <h2>{title}</h2>
  </div>
);
