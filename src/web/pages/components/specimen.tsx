/** How the page of components is laid out: a group a component, a cell a state. */
import type { ComponentChildren, JSX } from 'preact';
import { type ComponentText, c } from './component-texts.ts';

export interface GroupProps {
  readonly title: ComponentText;
  readonly rule: ComponentText;
  /** Cells in a row. */
  readonly columns?: number;
  readonly children: ComponentChildren;
}

export const Group = ({ title, rule, columns = 4, children }: GroupProps): JSX.Element => (
  <section class="grp">
    <header>
      <h2>{c(title)}</h2>
      <p>{c(rule)}</p>
    </header>
    <div class="cells" style={{ '--c': String(columns) }}>
      {children}
    </div>
  </section>
);

export const Cell = ({
  state,
  children,
}: {
  readonly state: ComponentText;
  readonly children: ComponentChildren;
}): JSX.Element => (
  <div class="cell">
    <span class="lab">{c(state)}</span>
    {children}
  </div>
);
