/** What floats beside something: menus and lists of choices, in the top layer, closed by Escape or a click elsewhere. */
import { autoUpdate, computePosition, flip, offset, type Placement, shift, size } from '@floating-ui/dom';
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface FloatingProps {
  readonly anchor: HTMLElement;
  readonly placement?: Placement;
  /** As wide as the anchor at least. */
  readonly matchWidth?: boolean;
  readonly role: 'menu' | 'listbox' | 'dialog';
  readonly label: string;
  readonly class?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

const ITEMS =
  '[role=menuitem]:not([aria-disabled=true]), [role=menuitemradio], [role=option]:not([aria-disabled=true])';

export function Floating(props: FloatingProps): JSX.Element {
  const { anchor, placement = 'bottom-start', matchWidth = false, role, label, onClose } = props;
  const box = useRef<HTMLDivElement | null>(null);
  // At once: what is typed right after opening is meant for it.
  useLayoutEffect(() => {
    const floating = box.current;
    if (!floating) return;
    floating.showPopover();
    const items = (): HTMLElement[] => [...floating.querySelectorAll<HTMLElement>(ITEMS)];
    (
      floating.querySelector<HTMLElement>('[aria-selected=true], [aria-checked=true]') ??
      items()[0] ??
      floating.querySelector<HTMLElement>('input') ??
      floating
    ).focus();
    const onToggle = (event: Event): void => {
      if ((event as ToggleEvent).newState === 'closed') onClose();
    };
    let typed = '';
    let typedAt = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      event.stopPropagation();
      if (event.key === 'Escape') {
        // Not by the browser, which tells of it only later: the next key may be meant for the page.
        event.preventDefault();
        onClose();
        return;
      }
      const list = items();
      const at = list.indexOf(document.activeElement as HTMLElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (to !== undefined && list.length > 0) {
        event.preventDefault();
        list.at(to % list.length)?.focus();
      } else if (event.key === 'Tab') {
        floating.hidePopover();
      } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== ' ') {
        // Typing goes to the first item that begins so.
        typed = event.timeStamp - typedAt < 600 ? typed + event.key : event.key;
        typedAt = event.timeStamp;
        list.find((item) => item.textContent?.trim().toLowerCase().startsWith(typed.toLowerCase()))?.focus();
      }
    };
    floating.addEventListener('toggle', onToggle);
    floating.addEventListener('keydown', onKeyDown);
    const stop = autoUpdate(anchor, floating, () => {
      void computePosition(anchor, floating, {
        strategy: 'fixed',
        placement,
        middleware: [
          offset(4),
          flip(),
          shift({ padding: 8 }),
          size({
            padding: 8,
            apply({ availableHeight, rects, elements }) {
              elements.floating.style.maxHeight = `${Math.max(120, availableHeight)}px`;
              if (matchWidth) elements.floating.style.minWidth = `${rects.reference.width}px`;
            },
          }),
        ],
      }).then(({ x, y }) => {
        floating.style.translate = `${x}px ${y}px`;
      });
    });
    return () => {
      floating.removeEventListener('toggle', onToggle);
      floating.removeEventListener('keydown', onKeyDown);
      stop();
      // Where it lies at a row, the row's own button has the focus again.
      if (anchor.isConnected) (anchor.querySelector('button') ?? anchor).focus();
    };
  }, []);
  return (
    <div
      ref={box}
      class={`floating ${props.class ?? 'menu'}`}
      popover="auto"
      role={role}
      aria-label={label}
      tabIndex={-1}
    >
      {props.children}
    </div>
  );
}
