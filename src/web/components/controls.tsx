/** Toggle, slider, segmented choice: what acts at once. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon, type IconName } from '../icons/icon.tsx';

export interface ToggleProps {
  readonly label: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}

export const Toggle = ({ label, on, disabled = false, onChange }: ToggleProps): JSX.Element => (
  <button
    type="button"
    class={disabled ? 'toggle is-disabled' : 'toggle'}
    role="switch"
    aria-checked={on}
    aria-label={label}
    aria-disabled={disabled}
    onClick={() => !disabled && onChange(!on)}
  />
);

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit?: string;
  /** Where a double click leads back to. */
  readonly initial?: number | undefined;
  readonly disabled?: boolean;
  /** While it moves: cheap things only. */
  readonly onInput?: ((value: number) => void) | undefined;
  /** When it is let go. */
  readonly onChange: (value: number) => void;
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));

/** Value to the right of the label, typed in place; arrows move by a step, with Shift by ten. */
export function Slider(props: SliderProps): JSX.Element {
  const { label, value, min, max, step, unit = '', initial, disabled = false, onInput, onChange } = props;
  const [moving, setMoving] = useState<number>();
  const shown = moving ?? value;
  const round = (wanted: number): number =>
    clamp(Number((min + Math.round((wanted - min) / step) * step).toFixed(6)), min, max);
  const commit = (next: number): void => {
    setMoving(undefined);
    if (round(next) !== value) onChange(round(next));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? 10 * step : step;
    const next = {
      ArrowRight: shown + by,
      ArrowUp: shown + by,
      ArrowLeft: shown - by,
      ArrowDown: shown - by,
      Home: min,
      End: max,
      PageUp: shown + 10 * step,
      PageDown: shown - 10 * step,
    }[event.key];
    if (next === undefined || disabled) return;
    event.preventDefault();
    commit(next);
  };
  const onPointer = (event: PointerEvent): void => {
    const track = event.currentTarget as HTMLElement;
    if (disabled || (event.type === 'pointermove' && !track.hasPointerCapture(event.pointerId))) return;
    if (event.type === 'pointerdown') track.setPointerCapture(event.pointerId);
    const { left, width } = track.getBoundingClientRect();
    const share = clamp((event.clientX - left) / width, 0, 1);
    const next = round(min + (getComputedStyle(track).direction === 'rtl' ? 1 - share : share) * (max - min));
    setMoving(next);
    onInput?.(next);
  };
  return (
    <>
      <div class="label">
        <span>{label}</span>
        <input
          class="val"
          aria-label={label}
          inputMode="decimal"
          disabled={disabled}
          value={`${shown}${unit}`}
          onChange={(event) => {
            const typed = Number.parseFloat(event.currentTarget.value.replace(',', '.'));
            event.currentTarget.value = `${value}${unit}`;
            if (Number.isFinite(typed)) commit(typed);
          }}
        />
      </div>
      <span
        class={disabled ? 'slider is-disabled' : 'slider'}
        style={{ '--v': `${((shown - min) / (max - min)) * 100}%` }}
        role="slider"
        tabIndex={disabled ? -1 : 0}
        aria-label={label}
        aria-valuenow={shown}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuetext={`${shown}${unit}`}
        aria-disabled={disabled}
        onKeyDown={onKeyDown}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onPointerUp={() => moving !== undefined && commit(moving)}
        onPointerCancel={() => setMoving(undefined)}
        onDblClick={() => initial !== undefined && !disabled && commit(initial)}
      >
        <i />
      </span>
    </>
  );
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly icon?: IconName;
  readonly content?: ComponentChildren;
  readonly disabled?: boolean;
}

/** Arrow keys, Home and End within a group of radios; exactly one of them is in the tab order. */
export const moveInRadios = (event: KeyboardEvent): void => {
  const group = (event.currentTarget as HTMLElement).closest('[role=radiogroup], [role=tablist]');
  const radios = [
    ...(group?.querySelectorAll<HTMLElement>('[role=radio]:not([aria-disabled=true]), [role=tab]') ?? []),
  ];
  const at = radios.indexOf(event.currentTarget as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined || radios.length === 0 || event.shiftKey) return;
  event.preventDefault();
  const next = radios.at(to % radios.length);
  next?.focus();
  next?.click();
};

export interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
}

export const Segmented = <T extends string>({ label, value, choices, onChange }: SegmentedProps<T>): JSX.Element => (
  <div class="seg" role="radiogroup" aria-label={label}>
    {choices.map((choice, at) => (
      <button
        type="button"
        role="radio"
        key={choice.value}
        aria-checked={choice.value === value}
        aria-disabled={choice.disabled ? 'true' : undefined}
        // Where none of them is chosen, the first takes the focus.
        tabIndex={choice.value === value || (at === 0 && !choices.some((one) => one.value === value)) ? 0 : -1}
        onKeyDown={moveInRadios}
        onClick={() => !choice.disabled && onChange(choice.value)}
      >
        {choice.icon && <Icon name={choice.icon} />}
        <span class="seg-label">{choice.label}</span>
      </button>
    ))}
  </div>
);
