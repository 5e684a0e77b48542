/** One option: its control, whether it differs from the preset, and one line of help where the focus is. */
import type { JSX } from 'preact';
import { IconButton } from '../../components/button.tsx';
import { formatNumber, t } from '../../i18n/i18n.ts';
import { helpText, labelText, unitText, valueText } from '../../i18n/option-texts.ts';
import type { OptionSpec } from '../../state/option-spec.ts';
import { baseOf, changedOptions, resetOption } from '../../state/presets.ts';
import { OptionControl } from './option-control.tsx';

/** Bounds that only say "any whole number" are not worth a word. */
const MOST_TOLD = 100_000;

function rangeOf({ value, unit }: OptionSpec): string {
  if (value.kind !== 'number' && value.kind !== 'numbers') return '';
  if (value.max > MOST_TOLD) return '';
  const [min, max] = [formatNumber(value.min, 2), formatNumber(value.max, 2)];
  return t('option.range', { min, max: unit === undefined ? max : `${max} ${unitText(unit)}` });
}

export function OptionRow({ spec }: { readonly spec: OptionSpec }): JSX.Element {
  const isChanged = changedOptions.value.includes(spec.name);
  const base = baseOf(spec.name);
  const id = `help-${spec.name}`;
  const facts = [
    helpText(spec),
    rangeOf(spec),
    base === undefined ? '' : t('option.default', { value: valueText(base) }),
  ];
  return (
    <div class="orow" data-option={spec.name}>
      <span class="grow">
        <span class="row olabel">
          <span>{labelText(spec)}</span>
          {isChanged && (
            <span class="dot c-accent" title={t('option.changed')}>
              <span class="sr">{t('option.changed')}</span>
            </span>
          )}
        </span>
        <span class="hint ohelp" id={id}>
          {facts.filter((fact) => fact !== '').join(' ')}
        </span>
      </span>
      {isChanged && (
        <IconButton
          icon="retry"
          label={t('option.reset', { name: labelText(spec) })}
          onClick={() => resetOption(spec.name)}
        />
      )}
      <span class="ctl">
        <OptionControl spec={spec} helpId={id} />
      </span>
    </div>
  );
}
