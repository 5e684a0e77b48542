/** What an option is set with, by what it takes. */
import type { JSX } from 'preact';
import { Toggle } from '../../components/controls.tsx';
import { Select } from '../../components/select.tsx';
import { t } from '../../i18n/i18n.ts';
import { labelText, unitText, valueText } from '../../i18n/option-texts.ts';
import { models } from '../../state/catalogue.ts';
import type { OptionSpec } from '../../state/option-spec.ts';
import { optionValue, resetOption, setOption } from '../../state/presets.ts';

interface ControlProps {
  readonly spec: OptionSpec;
  readonly helpId: string;
}

export function OptionControl({ spec, helpId }: ControlProps): JSX.Element {
  const { name, value: takes } = spec;
  const now = optionValue(name);
  const label = labelText(spec);
  const set = (value: unknown): void => setOption(name, value, name);
  switch (takes.kind) {
    case 'switch':
      return <Toggle label={label} on={now === true} onChange={set} />;
    case 'choice':
      return <OneOf spec={spec} choices={takes.choices} helpId={helpId} />;
    case 'model': {
      const added = models.value.filter(({ task, state }) => task === takes.task && state === 'added');
      const choices = [...takes.embedded, ...added.map(({ id }) => id)];
      return <OneOf spec={spec} choices={choices} helpId={helpId} />;
    }
    case 'number':
      return (
        <NumberField
          label={label}
          helpId={helpId}
          value={typeof now === 'number' ? now : undefined}
          {...{ min: takes.min, max: takes.max, step: takes.step, unit: spec.unit }}
          onNumber={(value) => (value === undefined ? resetOption(name) : set(value))}
        />
      );
    case 'numbers': {
      const list = Array.isArray(now) ? now.filter((one) => typeof one === 'number') : [];
      if (takes.atMost > 4) return <TextField spec={spec} text={list.join(' ')} helpId={helpId} toValue={numbersOf} />;
      // As CSS has it: one value is for all sides, two are for pairs.
      const shown = [0, 1, 2, 3].slice(0, takes.atMost).map((at) => list[at] ?? list[at % 2] ?? list[0] ?? 0);
      return (
        <span class="quad">
          {shown.map((value, at) => (
            <NumberField
              key={at}
              narrow
              label={t('option.value', { name: label, number: at + 1 })}
              helpId={helpId}
              {...{ value, min: takes.min, max: takes.max, step: 1, unit: undefined }}
              onNumber={(next) => {
                const all = shown.map((one, other) => (other === at ? (next ?? 0) : one));
                set(all.every((one) => one === all[0]) ? [all[0]] : all);
              }}
            />
          ))}
        </span>
      );
    }
    case 'choices':
      return <SomeOf spec={spec} choices={takes.choices} />;
    case 'words': {
      const list = Array.isArray(now) ? now.map(String) : [];
      return <TextField spec={spec} text={list.join(' ')} helpId={helpId} toValue={wordsOf} />;
    }
    case 'text':
      return (
        <TextField spec={spec} text={now === undefined ? '' : String(now)} helpId={helpId} toValue={(text) => text} />
      );
  }
}

const wordsOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((word) => word !== '');
const numbersOf = (text: string): readonly number[] => wordsOf(text).map(Number).filter(Number.isFinite);

interface OneOfProps extends ControlProps {
  readonly choices: readonly string[];
}

/** An empty choice stands for what the service finds by itself. */
function OneOf({ spec, choices }: OneOfProps): JSX.Element {
  const now = optionValue(spec.name);
  const value = typeof now === 'string' ? now : '';
  const isThere = value === '' || choices.includes(value);
  const all = [...(spec.fallback === undefined ? [''] : []), ...(isThere ? [] : [value]), ...choices];
  return (
    <Select
      label={labelText(spec)}
      value={value}
      choices={all.map((choice) => ({
        value: choice,
        label: choice === '' ? t('option.auto') : spec.value.kind === 'model' ? choice : valueText(choice),
      }))}
      onChange={(next) => (next === '' ? resetOption(spec.name) : setOption(spec.name, next))}
    />
  );
}

/** Several of a list; the last one cannot be taken away. */
function SomeOf({ spec, choices }: Omit<OneOfProps, 'helpId'>): JSX.Element {
  const now = optionValue(spec.name);
  const list = Array.isArray(now) ? now.map(String) : [];
  return (
    <span class="some-of" role="group" aria-label={labelText(spec)}>
      {choices.map((choice) => {
        const isOn = list.includes(choice);
        const isLast = isOn && list.length === 1;
        return (
          <button
            type="button"
            key={choice}
            class="btn btn-sm"
            aria-pressed={isOn}
            aria-disabled={isLast ? 'true' : undefined}
            onClick={() => {
              if (isLast) return;
              const next = choices.filter((one) => (one === choice ? !isOn : list.includes(one)));
              setOption(spec.name, next, spec.name);
            }}
          >
            {valueText(choice)}
          </button>
        );
      })}
    </span>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly helpId: string;
  readonly value: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit: string | undefined;
  readonly narrow?: boolean;
  /** @param value undefined: emptied */
  readonly onNumber: (value: number | undefined) => void;
}

function NumberField(props: NumberFieldProps): JSX.Element {
  const { label, helpId, value, min, max, step, unit, narrow = false, onNumber } = props;
  const shown = value === undefined ? '' : String(value);
  return (
    <span class={narrow ? 'field num-field narrow' : 'field num-field'}>
      <input
        type="number"
        class="bare"
        aria-label={label}
        aria-describedby={helpId}
        {...{ min, max, step: 'any' }}
        value={shown}
        placeholder={value === undefined ? t('option.auto') : undefined}
        data-shown={shown}
        onKeyDown={(event) => {
          const by = { ArrowUp: step, ArrowDown: -step }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          const next = (value ?? min) + (event.shiftKey ? 10 * by : by);
          onNumber(Number(Math.min(max, Math.max(min, next)).toFixed(4)));
        }}
        onChange={(event) => {
          const { value: text } = event.currentTarget;
          const typed = Number(text);
          event.currentTarget.value = shown;
          if (text === '') onNumber(undefined);
          else if (Number.isFinite(typed)) onNumber(Math.min(max, Math.max(min, typed)));
        }}
      />
      {unit !== undefined && <span class="t3 xs">{unitText(unit)}</span>}
    </span>
  );
}

interface TextFieldProps extends ControlProps {
  readonly text: string;
  readonly toValue: (text: string) => unknown;
}

const TextField = ({ spec, text, helpId, toValue }: TextFieldProps): JSX.Element => (
  <input
    class="field text-field"
    aria-label={labelText(spec)}
    aria-describedby={helpId}
    placeholder={t('option.auto')}
    data-shown={text}
    value={text}
    onChange={(event) => {
      const typed = event.currentTarget.value.trim();
      event.currentTarget.value = text;
      if (typed === '') resetOption(spec.name);
      else setOption(spec.name, toValue(typed));
    }}
  />
);
