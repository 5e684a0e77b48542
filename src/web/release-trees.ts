/**
 * Lets go of old trees. Preact keeps the first tree that a component was drawn as, and from there, by components that did not have to
 * be drawn again, every later one with its elements: some twenty elements for each frame that the stage shows, for as long as the page
 * is open (https://github.com/preactjs/preact/issues/4909). Without its children an old tree leads nowhere.
 */
import { type Component, options, type VNode } from 'preact';

/** Names of Preact's own fields, as its tools for developers know them. */
interface Drawn extends VNode {
  /** The component. */
  readonly __c?: Component | null;
  /** Its children. */
  __k?: unknown;
}

/** Called once, before anything is drawn. */
export function releaseTrees(): void {
  const drawn = new WeakMap<Component, Drawn>();
  const { diffed } = options;
  options.diffed = (vnode: Drawn) => {
    diffed?.(vnode);
    const component = vnode.__c;
    if (!component) return;
    const before = drawn.get(component);
    drawn.set(component, vnode);
    if (!before || before === vnode) return;
    // Both are compared until all of it is drawn.
    queueMicrotask(() => {
      before.__k = null;
    });
  };
}
