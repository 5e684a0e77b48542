/** A choice out of a list, and a menu of things to do. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon, type IconName } from '../icons/icon.tsx';
import type { Choice } from './controls.tsx';
import { Floating } from './floating.tsx';
import { Tooltip } from './tooltip.tsx';

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
  readonly class?: string;
  /** Shown instead of the label of the choice. */
  readonly children?: ComponentChildren;
}

export function Select<T extends string>(props: SelectProps<T>): JSX.Element {
  const { label, value, choices, onChange } = props;
  const [anchor, setAnchor] = useState<HTMLElement>();
  const current = choices.find((choice) => choice.value === value);
  const choose = (choice: Choice<T>): void => {
    if (choice.disabled) return;
    setAnchor(undefined);
    if (choice.value !== value) onChange(choice.value);
  };
  return (
    <>
      <button
        type="button"
        class={props.class ?? 'select'}
        role="combobox"
        aria-haspopup="listbox"
        aria-expanded={anchor !== undefined}
        aria-label={label}
        onClick={(event) => setAnchor(anchor ? undefined : event.currentTarget)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setAnchor(event.currentTarget);
        }}
      >
        {props.children ?? <span class="cut">{current?.label ?? value}</span>}
        <Icon name="chevronDown" />
      </button>
      {anchor && (
        <Floating anchor={anchor} role="listbox" label={label} matchWidth onClose={() => setAnchor(undefined)}>
          {choices.map((choice) => (
            <div
              key={choice.value}
              role="option"
              tabIndex={-1}
              aria-selected={choice.value === value}
              aria-disabled={choice.disabled ? 'true' : undefined}
              class={choice.disabled ? 'is-disabled' : undefined}
              onClick={() => choose(choice)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                choose(choice);
              }}
            >
              {choice.content ?? choice.label}
              {choice.value === value && (
                <span class="end">
                  <Icon name="check" />
                </span>
              )}
            </div>
          ))}
        </Floating>
      )}
    </>
  );
}

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly run: () => void;
}

export interface MenuButtonProps {
  /** Name of the button. */
  readonly label: string;
  readonly icon?: IconName;
  readonly items: readonly MenuItem[];
  readonly class?: string;
  readonly children?: ComponentChildren;
}

export function MenuButton({ label, icon = 'dots', items, children, class: name }: MenuButtonProps): JSX.Element {
  const [anchor, setAnchor] = useState<HTMLElement>();
  const button = (
    <button
      type="button"
      class={name ?? 'btn btn-ghost btn-icon btn-sm'}
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={anchor !== undefined}
      onClick={(event) => setAnchor(anchor ? undefined : event.currentTarget)}
    >
      {children ?? <Icon name={icon} />}
    </button>
  );
  return (
    <>
      {children ? button : <Tooltip text={label}>{button}</Tooltip>}
      {anchor && (
        <Floating anchor={anchor} role="menu" label={label} placement="bottom-end" onClose={() => setAnchor(undefined)}>
          {items.map((item) => (
            <button
              type="button"
              role="menuitem"
              key={item.label}
              tabIndex={-1}
              aria-disabled={item.disabled ? 'true' : undefined}
              class={item.disabled ? 'is-disabled' : item.danger ? 'c-danger' : undefined}
              onClick={() => {
                if (item.disabled) return;
                setAnchor(undefined);
                item.run();
              }}
            >
              {item.icon && <Icon name={item.icon} />}
              {item.label}
            </button>
          ))}
        </Floating>
      )}
    </>
  );
}
