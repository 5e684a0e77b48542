/** A name typed in place: Enter keeps it, Escape reverts. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from '../i18n/i18n.ts';
import { Floating } from './floating.tsx';

export interface NamePopoverProps {
  readonly anchor: HTMLElement;
  readonly label: string;
  readonly value: string;
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}

/** Names are cut off in lists; longer ones are sentences. */
const LONGEST = 80;

export function NamePopover({ anchor, label, value, onName, onClose }: NamePopoverProps): JSX.Element {
  const input = useRef<HTMLInputElement | null>(null);
  return (
    <Floating anchor={anchor} role="dialog" label={label} class="menu namer" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const name = input.current?.value.trim() ?? '';
          if (name !== '' && name !== value) onName(name);
          onClose();
        }}
      >
        <input
          ref={input}
          onFocus={(event) => event.currentTarget.select()}
          class="field"
          aria-label={label}
          dir="auto"
          maxLength={LONGEST}
          defaultValue={value}
        />
        <button type="submit" class="btn">
          {t('rename.save')}
        </button>
      </form>
    </Floating>
  );
}
