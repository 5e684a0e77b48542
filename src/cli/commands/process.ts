import { type Command, Option } from 'commander';
import { type ProcessOptions, parseProcessOptions } from '../../core/options.ts';
import { describeDefault, describeRange, type Flag, listFlags, parseFlagValue } from '../flags.ts';
import { runInChildOf } from '../run-in-child.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';
import { addProcessHead } from './process-head.ts';

/** Headings of the help, in the order in which they appear. */
const GROUP_TITLES: Readonly<Record<Flag['group'], string>> = {
  paths: 'Paths:',
  processors: 'Processors:',
  'face swapper': 'Face swapper:',
  'face selector': 'Face selector:',
  'face tracker': 'Face tracker:',
  'face mask': 'Face mask:',
  output: 'Output:',
  execution: 'Execution:',
};

type Values = CommonValues & Readonly<Record<string, unknown>> & { readonly dryRun?: boolean };

/** `facefusion process`, also `run` and FaceFusion's `headless-run`: one run from sources and target to output. */
export function addProcessCommand(program: Command, session: Session): void {
  const flags = listFlags();
  const command = addProcessHead(program);
  for (const flag of flags) command.addOption(toOption(flag));
  command.addOption(
    command
      .createOption('--dry-run', 'say what would be done; write nothing, load no model')
      .helpGroup(GROUP_TITLES.execution),
  );
  addCommonFlags(command).action(async (values: Values) => {
    const terminal = session.open('process', values);
    const options = parseProcessOptions(pickOptions(values, flags));
    if (values.dryRun) {
      const { showPlan } = await import('../show-plan.ts');
      await showPlan(terminal, options);
      return;
    }
    const result = await runInChildOf(session, options);
    const { showResult } = await import('../show-result.ts');
    showResult(terminal, result);
  });
}

function pickOptions(values: Values, flags: readonly Flag[]): ProcessOptions {
  const given = flags.filter((flag) => values[flag.name] !== undefined);
  return Object.fromEntries(given.map((flag) => [flag.name, values[flag.name]])) as ProcessOptions;
}

/** The flag with the alternative spellings that the help mentions. */
function toOption(flag: Flag): Option {
  const value = flag.kind === 'text' && flag.group === 'paths' ? (flag.isList ? 'photo' : 'file') : 'value';
  const placeholder = flag.kind === 'boolean' ? '' : ` <${value}${flag.isList ? '...' : ''}>`;
  const option = new Option(`${flag.short ? `${flag.short}, ` : ''}${flag.long}${placeholder}`, describeFlag(flag));
  option.helpGroup(GROUP_TITLES[flag.group]);
  if (flag.kind === 'boolean') return option;
  return option.argParser((text: string, previous: unknown) => {
    const parsed = parseFlagValue(flag, text);
    return flag.isList ? [...(Array.isArray(previous) ? previous : []), parsed] : parsed;
  });
}

function describeFlag(flag: Flag): string {
  const facts = [describeRange(flag), ...flag.aliases.map((alias) => `also ${alias}`)].filter((fact) => fact !== '');
  const preset = describeDefault(flag);
  if (preset !== undefined) facts.push(`default ${preset}`);
  if (flag.isRequired) facts.push('required');
  return facts.length === 0 ? flag.description : `${flag.description} (${facts.join('; ')})`;
}
