/** Every option of a run: searched, with unit, default, and a way back. Lies over the stage. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../../components/button.tsx';
import { Segmented, Toggle } from '../../components/controls.tsx';
import { NamePopover } from '../../components/name-popover.tsx';
import { t } from '../../i18n/i18n.ts';
import { groupText, helpText, labelText } from '../../i18n/option-texts.ts';
import { Icon } from '../../icons/icon.tsx';
import { optionSpecs, PROCESSOR_IDS, type ProcessorId } from '../../state/catalogue.ts';
import type { OptionSpec } from '../../state/option-spec.ts';
import { changedOptions, processors, saveAsPreset, setProcessor, shownSpecs } from '../../state/presets.ts';
import { scope } from '../../state/range-settings.ts';
import { startReason } from '../../state/start.ts';
import { allOptionsOpen, optionToShow } from '../../state/view.ts';
import { timesOf } from '../timeline/ranges-row.tsx';
import { StartButton, startFacts } from './foot.tsx';
import { OptionRow } from './option-row.tsx';

/** Open at first: those that most people look for. */
const OPEN_AT_FIRST = ['face swapper', 'face mask'];

const processorOf = (group: string): ProcessorId | undefined =>
  PROCESSOR_IDS.find((id) => id.replaceAll('_', ' ') === group);

const matches = (spec: OptionSpec, words: readonly string[]): boolean => {
  const text = `${groupText(spec.group)} ${labelText(spec)} ${helpText(spec)} ${spec.name} ${spec.group}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

interface GroupProps {
  readonly group: string;
  readonly specs: readonly OptionSpec[];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Group({ group, specs, isOpen, onToggle }: GroupProps): JSX.Element {
  const processor = processorOf(group);
  return (
    <section class="ogrp">
      <h3>
        <button type="button" class="ohead" aria-expanded={isOpen} onClick={onToggle}>
          <Icon name={isOpen ? 'chevronDown' : 'chevronRight'} size={14} />
          <span class="strong">{groupText(group)}</span>
          <span class="t3">{specs.length}</span>
        </button>
      </h3>
      {isOpen && processor && (
        <div class="orow">
          <span class="grow">{t('option.run')}</span>
          <Toggle
            label={`${groupText(group)}: ${t('option.run')}`}
            on={processors.value.includes(processor)}
            onChange={(on) => setProcessor(processor, on)}
          />
        </div>
      )}
      {isOpen && specs.map((spec) => <OptionRow key={spec.name} spec={spec} />)}
    </section>
  );
}

export default function AllOptions(): JSX.Element {
  const search = useRef<HTMLInputElement | null>(null);
  const head = useRef<HTMLDivElement | null>(null);
  const scroll = useRef<HTMLDivElement | null>(null);
  const [query, setQuery] = useState('');
  const [filter, setFilter] = useState<'all' | 'changed'>('all');
  const [open, setOpen] = useState<readonly string[]>(OPEN_AT_FIRST);
  const [isNaming, setNaming] = useState(false);
  const close = (): void => {
    allOptionsOpen.value = false;
  };
  useEffect(() => {
    const before = document.activeElement;
    search.current?.focus();
    const onKeyDown = (event: KeyboardEvent): void => {
      // What lies over the drawer closes first.
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector(':popover-open, dialog[open]'))
        return;
      event.preventDefault();
      const field = event.target;
      // A value that is being typed is taken back first.
      if (
        field instanceof HTMLInputElement &&
        field.dataset.shown !== undefined &&
        field.value !== field.dataset.shown
      ) {
        field.value = field.dataset.shown;
      } else close();
    };
    addEventListener('keydown', onKeyDown, { capture: true });
    return () => {
      removeEventListener('keydown', onKeyDown, { capture: true });
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    const name = optionToShow.value;
    const spec = optionSpecs.value.find((one) => one.name === name);
    if (!spec) return;
    optionToShow.value = undefined;
    setQuery('');
    setFilter('all');
    setOpen((now) => [...now, spec.group]);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const row = scroll.current?.querySelector<HTMLElement>(`[data-option="${spec.name}"]`);
        row?.scrollIntoView({ block: 'center' });
        row?.querySelector<HTMLElement>('button, input')?.focus();
      }),
    );
  }, [optionToShow.value, optionSpecs.value]);
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const isNarrowed = words.length > 0 || filter === 'changed';
  const changed = changedOptions.value.filter((name) => shownSpecs.value.some((spec) => spec.name === name));
  const shown = shownSpecs.value.filter(
    (spec) => (filter === 'all' || changed.includes(spec.name)) && matches(spec, words),
  );
  const groups = [...new Set(shown.map(({ group }) => group))];
  const toggle = (group: string): void =>
    setOpen((now) => (now.includes(group) ? now.filter((one) => one !== group) : [...now, group]));
  return (
    <div class="odrawer" role="dialog" aria-label={t('option.all')}>
      <div class="otitle" ref={head} tabIndex={-1}>
        <h2>{t('option.all')}</h2>
        <span class="grow" />
        {scope.value ? (
          <span class="chip accent">{t('ranges.at', timesOf(scope.value))}</span>
        ) : (
          <Button size="sm" onClick={() => setNaming(true)}>
            {t('preset.save')}
          </Button>
        )}
        <IconButton icon="x" label={t('close')} onClick={close} />
      </div>
      <div class="osearch">
        <span class="field">
          <span class="t3">
            <Icon name="search" />
          </span>
          <input
            ref={search}
            type="search"
            class="bare"
            aria-label={t('option.find')}
            placeholder={t('option.find')}
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        </span>
        <Segmented
          label={t('option.filter')}
          value={filter}
          choices={[
            { value: 'all', label: t('option.filter.all', { count: shownSpecs.value.length }) },
            { value: 'changed', label: t('option.filter.changed', { count: changed.length }) },
          ]}
          onChange={setFilter}
        />
      </div>
      <div class="oscroll" ref={scroll} tabIndex={-1}>
        {groups.map((group) => (
          <Group
            key={group}
            group={group}
            specs={shown.filter((spec) => spec.group === group)}
            isOpen={isNarrowed || open.includes(group)}
            onToggle={() => toggle(group)}
          />
        ))}
        {groups.length === 0 && <p class="hint ohint">{t(words.length > 0 ? 'option.none' : 'option.none.changed')}</p>}
      </div>
      <div class="ofoot">
        <span class="t3">{startReason.value === undefined ? startFacts() : t(startReason.value)}</span>
        <StartButton large={false} />
      </div>
      {isNaming && head.current && (
        <NamePopover
          anchor={head.current}
          label={t('preset.save.name')}
          value=""
          onName={saveAsPreset}
          onClose={() => setNaming(false)}
        />
      )}
    </div>
  );
}
