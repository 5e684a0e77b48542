/** Dialogs: for consent, deletion and policy only. Focus stays inside and goes back to where it came from. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

export interface DialogProps {
  readonly title: string;
  /** Shown above the title. */
  readonly lead?: ComponentChildren;
  /** To the right of the title. */
  readonly trail?: ComponentChildren;
  readonly footer?: ComponentChildren;
  readonly children: ComponentChildren;
  /** `palette` and `sheet` have looks of their own. */
  readonly look?: 'dialog' | 'dialog sheet' | 'palette';
  /** The title is for screen readers only. */
  readonly titleHidden?: boolean;
  /** Escape, and a click beside it. */
  readonly onClose: () => void;
}

export function Dialog(props: DialogProps): JSX.Element {
  const { title, lead, trail, footer, children, look = 'dialog', titleHidden = false, onClose } = props;
  const box = useRef<HTMLDialogElement | null>(null);
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={look}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === box.current && onClose()}
    >
      <div class="dialog-in">
        {titleHidden ? (
          <h2 id={id} class="sr">
            {title}
          </h2>
        ) : (
          <header class={trail ? 'row' : undefined}>
            {lead}
            {/* What is only read begins with its title; the close button would say its name in a tooltip at once. */}
            <h2
              id={id}
              class={trail ? 'grow' : undefined}
              {...(look === 'dialog sheet' ? { tabIndex: -1, autofocus: true } : {})}
            >
              {title}
            </h2>
            {trail}
          </header>
        )}
        {look === 'palette' ? children : <div class="body">{children}</div>}
        {footer && <footer>{footer}</footer>}
      </div>
    </dialog>
  );
}
