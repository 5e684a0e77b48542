/** What the palette offers: actions of the registry, options with their values, people and jobs to jump to. */
import type { Action } from '../actions/action.ts';
import { ACTIONS } from '../actions/registry.ts';
import { t } from '../i18n/i18n.ts';
import type { IconName } from '../icons/icon.tsx';
import { currentPreset, optionSpecs } from '../state/catalogue.ts';
import { project } from '../state/document.ts';
import { fuzzyMatch, type Match } from '../state/fuzzy.ts';
import { nameOf } from '../state/job-facts.ts';
import { ended, isOpen } from '../state/jobs.ts';
import { capital, type OptionSpec } from '../state/option-spec.ts';
import { shownPeople } from '../state/people.ts';
import { frame } from '../state/preview.ts';
import { addressOf, allOptionsOpen, optionToShow, page } from '../state/view.ts';

export type PaletteGroup = 'recent' | 'commands' | 'options' | 'jumps' | 'results';

export interface PaletteItem {
  readonly id: string;
  readonly group: PaletteGroup;
  readonly text: string;
  readonly icon: IconName;
  readonly keys?: string | undefined;
  /** To the right: the value of an option. */
  readonly value?: string;
  /** Why it cannot be run now. */
  readonly disabled?: string | undefined;
  readonly ranges: Match['ranges'];
  readonly run: () => void;
}

const RECENT = 'facefusion.recent';
/** Remembered and shown while nothing is typed. */
const AT_MOST_RECENT = 5;
/** Shown of a group while something is typed. */
const AT_MOST = 8;

const recentIds = (): readonly string[] => {
  const value: unknown = JSON.parse(localStorage.getItem(RECENT) ?? '[]');
  return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : [];
};
export function remember(id: string): void {
  const next = [id, ...recentIds().filter((other) => other !== id)].slice(0, AT_MOST_RECENT);
  localStorage.setItem(RECENT, JSON.stringify(next));
}

function fromAction(action: Action): PaletteItem {
  const reason = action.disabled?.();
  return {
    ...{ id: action.id, group: 'commands', text: t(action.label), icon: action.icon ?? 'arrow', ranges: [] },
    keys: action.keys?.[0],
    disabled: reason === undefined ? undefined : t(reason),
    run: () => void action.run(),
  };
}

/** `faceMaskBlur` as `Face mask blur`. */
const spoken = (name: string): string =>
  capital(
    name
      .replace(/([A-Z])/g, ' $1')
      .toLowerCase()
      .trim(),
  );

function currentValue({ name, fallback, unit }: OptionSpec): string {
  const value = project.value.value.options[name] ?? currentPreset.value.options[name] ?? fallback;
  if (value === undefined) return '';
  if (typeof value === 'boolean') return t(value ? 'palette.on' : 'palette.off');
  if (Array.isArray(value)) return value.join(', ');
  return `${String(value)}${typeof value === 'number' && unit === 'percent' ? ' %' : ''}`;
}

const fromOption = (spec: OptionSpec): PaletteItem => ({
  ...{ id: `option.${spec.name}`, group: 'options', text: spoken(spec.name), icon: 'sliders', ranges: [] },
  value: currentValue(spec),
  run: () => {
    if (page.value !== 'swap') location.hash = addressOf('swap');
    optionToShow.value = spec.name;
    allOptionsOpen.value = true;
  },
});

const jumps = (): readonly PaletteItem[] =>
  shownPeople.value.map(({ person, number, name }) => ({
    ...{ id: `person.${person.id}`, group: 'jumps', icon: 'user', ranges: [] },
    text: name ?? t('palette.person', { n: number }),
    value: t('palette.frame', { frame: person.best.frame }),
    run: () => {
      frame.value = person.best.frame;
    },
  }));

const results = (): readonly PaletteItem[] =>
  ended.value
    .filter((job) => !isOpen(job))
    .map((job) => ({
      ...{ id: `job.${job.id}`, group: 'results', text: nameOf(job), icon: 'image', ranges: [] },
      run: () => {
        location.hash = addressOf('result', job.id);
      },
    }));

/** `frame 120` and plain `120` go there. */
function frameJump(query: string): readonly PaletteItem[] {
  const number = /^(?:frame\s+|第\s*)?(\d{1,9})\s*帧?$/i.exec(query.trim())?.[1];
  if (number === undefined) return [];
  return [
    {
      ...{ id: 'jump.frame', group: 'jumps', icon: 'flag', ranges: [] },
      text: t('palette.frame', { frame: Number(number) }),
      run: () => {
        frame.value = Number(number);
      },
    },
  ];
}

export const commands = (): readonly PaletteItem[] =>
  ACTIONS.filter(({ hidden, id }) => !hidden && id !== 'help.palette').map(fromAction);

/** Best first in each group; without a query recent ones, then all commands. */
export function findItems(query: string): readonly PaletteItem[] {
  const all = commands();
  if (query.trim() === '') {
    const known = [...all, ...optionSpecs.value.map(fromOption), ...jumps()];
    const recent = recentIds().flatMap((id): PaletteItem[] => {
      const item = known.find((one) => one.id === id);
      return item ? [{ ...item, group: 'recent' }] : [];
    });
    return [...recent, ...all.filter(({ id }) => !recent.some((one) => one.id === id)), ...jumps()];
  }
  const groups = [all, optionSpecs.value.map(fromOption), [...frameJump(query), ...jumps()], results()];
  return groups.flatMap((items) =>
    items
      .flatMap((item) => {
        if (item.id === 'jump.frame') return [{ item, score: Number.MAX_VALUE }];
        const match = fuzzyMatch(item.text, query);
        return match ? [{ item: { ...item, ranges: match.ranges }, score: match.score }] : [];
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, AT_MOST)
      .map(({ item }) => item),
  );
}
