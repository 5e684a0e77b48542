/** Buttons: with words, or an icon that has a name and a tooltip. */
import type { ComponentChildren, JSX } from 'preact';
import type { Action } from '../actions/action.ts';
import { t } from '../i18n/i18n.ts';
import { Icon, type IconName } from '../icons/icon.tsx';
import { Keys } from './keys.tsx';
import { Tooltip } from './tooltip.tsx';

export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly icon?: IconName | undefined;
  readonly kind?: 'plain' | 'primary' | 'ghost' | 'danger';
  readonly size?: 'sm' | 'md' | 'lg';
  /** Takes the whole width. */
  readonly block?: boolean;
  /** Why it cannot be pressed: it stays reachable, and says so. */
  readonly disabledReason?: string | undefined;
  /** True while what it began goes on; it keeps its width. */
  readonly busy?: boolean;
  /** Set for a button that stays in. */
  readonly pressed?: boolean | undefined;
  readonly keys?: string | undefined;
  /** Set for a button that shows and hides something. */
  readonly expanded?: boolean | undefined;
  /** A name that says more than the words on it; it begins with them. */
  readonly label?: string;
  readonly onClick: (event: MouseEvent) => void;
  readonly id?: string;
  readonly describedBy?: string | undefined;
}

const classOf = ({ kind = 'plain', size = 'md', block }: ButtonProps, more = ''): string =>
  ['btn', kind === 'plain' ? '' : `btn-${kind}`, size === 'md' ? '' : `btn-${size}`, block ? 'btn-block' : '', more]
    .filter((name) => name !== '')
    .join(' ');

/** What keeps an `aria-disabled` button from acting. */
const guarded =
  ({ disabledReason, busy, onClick }: ButtonProps) =>
  (event: MouseEvent): void => {
    if (disabledReason === undefined && !busy) onClick(event);
  };

export const Button = (props: ButtonProps): JSX.Element => (
  <button
    type="button"
    id={props.id}
    class={classOf(props)}
    aria-disabled={props.disabledReason === undefined ? undefined : 'true'}
    aria-busy={props.busy ? 'true' : undefined}
    aria-pressed={props.pressed}
    aria-expanded={props.expanded}
    aria-label={props.label}
    aria-describedby={props.describedBy}
    title={props.disabledReason}
    onClick={guarded(props)}
  >
    {props.icon && <Icon name={props.icon} />}
    {props.children}
    {props.keys && <Keys keys={props.keys} />}
  </button>
);

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'block'> {
  readonly icon: IconName;
  /** Its name: to a screen reader, and in the tooltip. */
  readonly label: string;
}

export const IconButton = (props: IconButtonProps): JSX.Element => (
  <Tooltip text={props.disabledReason ? `${props.label}: ${props.disabledReason}` : props.label} keys={props.keys}>
    <button
      type="button"
      class={classOf({ kind: 'ghost', size: 'sm', ...props }, 'btn-icon')}
      aria-label={props.label}
      aria-disabled={props.disabledReason === undefined ? undefined : 'true'}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      onClick={guarded(props)}
    >
      <Icon name={props.icon} />
    </button>
  </Tooltip>
);

/** The button of an action, with everything that the action says of itself. */
export const ActionButton = ({
  action,
  pressed,
  text = false,
}: {
  readonly action: Action;
  readonly pressed?: boolean;
  /** Show the words, too. */
  readonly text?: boolean;
}): JSX.Element => {
  const reason = action.disabled?.();
  const common = {
    icon: action.icon,
    keys: action.keys?.[0],
    pressed,
    disabledReason: reason === undefined ? undefined : t(reason),
    onClick: () => void action.run(),
  };
  if (text || action.icon === undefined) {
    return (
      <Button kind="ghost" size="sm" {...common}>
        {t(action.label)}
      </Button>
    );
  }
  return <IconButton {...common} icon={action.icon} label={t(action.label)} />;
};
