/** A word beside what is hovered or focused; never the only way to know something. */
import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import { type ComponentChildren, cloneElement, type JSX, type VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Keys } from './keys.tsx';

/** So that tooltips do not flicker by while the pointer only passes. */
const DELAY_MS = 500;

export interface TooltipProps {
  readonly text: string;
  readonly keys?: string | undefined;
  /** One element. */
  readonly children: ComponentChildren;
}

export function Tooltip({ text, keys, children }: TooltipProps): JSX.Element {
  const [shown, setShown] = useState(false);
  const anchor = useRef<HTMLElement | null>(null);
  const tip = useRef<HTMLDivElement | null>(null);
  const timer = useRef(0);
  const show = (event: Event): void => {
    anchor.current = event.currentTarget as HTMLElement;
    clearTimeout(timer.current);
    if (event.type === 'focusin') {
      if (anchor.current.matches(':focus-visible')) setShown(true);
    } else timer.current = window.setTimeout(() => setShown(true), DELAY_MS);
  };
  const hide = (): void => {
    clearTimeout(timer.current);
    setShown(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    const [from, floating] = [anchor.current, tip.current];
    if (!shown || !from || !floating) return;
    floating.showPopover();
    return autoUpdate(from, floating, () => {
      void computePosition(from, floating, {
        strategy: 'fixed',
        placement: 'bottom',
        middleware: [offset(6), flip(), shift({ padding: 8 })],
      }).then(({ x, y }) => {
        floating.style.translate = `${x}px ${y}px`;
      });
    });
  }, [shown]);
  const listeners = { onMouseEnter: show, onMouseLeave: hide, onFocusIn: show, onFocusOut: hide, onMouseDown: hide };
  return (
    <>
      {cloneElement(children as VNode<Record<string, unknown>>, listeners)}
      {shown && (
        <div ref={tip} class="tip floating" popover="manual" aria-hidden="true">
          {text}
          {keys && <Keys keys={keys} />}
        </div>
      )}
    </>
  );
}
