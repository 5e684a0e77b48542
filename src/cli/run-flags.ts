import { type Command, Option } from 'commander';
import type { ProcessOptions } from '../core/options.ts';
import { describeDefault, describeRange, type Flag, parseFlagValue } from './flags.ts';

/** Headings of the help, in the order in which they appear. */
export const GROUP_TITLES: Readonly<Record<Flag['group'], string>> = {
  paths: 'Paths:',
  processors: 'Processors:',
  'face swapper': 'Face swapper:',
  'face enhancer': 'Face enhancer:',
  'frame enhancer': 'Frame enhancer:',
  'face editor': 'Face editor:',
  'expression restorer': 'Expression restorer:',
  'age modifier': 'Age modifier:',
  'lip syncer': 'Lip syncer:',
  'frame colorizer': 'Frame colorizer:',
  'background remover': 'Background remover:',
  'deep swapper': 'Deep swapper:',
  'face debugger': 'Face debugger:',
  stylizer: 'Stylizer:',
  'face selector': 'Face selector:',
  trust: 'Trust:',
  'face analysis': 'Face analysis:',
  'face tracker': 'Face tracker:',
  'face mask': 'Face mask:',
  output: 'Output:',
  execution: 'Execution:',
};

/** Adds options of a run to a command. */
export function addRunFlags(command: Command, flags: readonly Flag[]): void {
  for (const flag of flags) command.addOption(toOption(flag));
}

/** The options among the values that commander hands over. */
export function pickOptions(
  values: Readonly<Record<string, unknown>>,
  flags: readonly Flag[],
): Partial<ProcessOptions> {
  const given = flags.filter((flag) => values[flag.name] !== undefined);
  return Object.fromEntries(given.map((flag) => [flag.name, values[flag.name]]));
}

/** The flag with the alternative spellings that the help mentions. */
function toOption(flag: Flag): Option {
  const value = flag.placeholder ?? (flag.group === 'paths' && flag.kind === 'text' ? pathOf(flag) : 'value');
  const placeholder = flag.kind === 'boolean' ? '' : ` <${value}${flag.isList ? '...' : ''}>`;
  const option = new Option(`${flag.short ? `${flag.short}, ` : ''}${flag.long}${placeholder}`, describeFlag(flag));
  option.helpGroup(GROUP_TITLES[flag.group]);
  if (flag.kind === 'boolean') return option;
  return option.argParser((text: string, previous: unknown) => {
    const parsed = parseFlagValue(flag, text);
    return flag.isList ? [...(Array.isArray(previous) ? previous : []), parsed] : parsed;
  });
}

const pathOf = ({ isList }: Flag): string => (isList ? 'photo' : 'file');

function describeFlag(flag: Flag): string {
  const facts = [describeRange(flag), ...flag.aliases.map((alias) => `also ${alias}`)].filter((fact) => fact !== '');
  const preset = describeDefault(flag);
  if (preset !== undefined) facts.push(`default ${preset}`);
  if (flag.isRequired) facts.push('required');
  return facts.length === 0 ? flag.description : `${flag.description} (${facts.join('; ')})`;
}
