import type { Command } from 'commander';
import { listFlags } from '../flags.ts';
import { addRunFlags, GROUP_TITLES, pickOptions } from '../run-flags.ts';
import { runInChildOf } from '../run-in-child.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';
import { addProcessHead } from './process-head.ts';

type Values = CommonValues & Readonly<Record<string, unknown>> & { readonly dryRun?: boolean };

/** `facefusion process`, also `run` and FaceFusion's `headless-run`: one run from sources and target to output. */
export function addProcessCommand(program: Command, session: Session): void {
  const flags = listFlags();
  const command = addProcessHead(program);
  addRunFlags(command, flags);
  command.addOption(
    command
      .createOption('--dry-run', 'say what would be done; write nothing, load no model')
      .helpGroup(GROUP_TITLES.execution),
  );
  addCommonFlags(command).action(async (values: Values) => {
    const terminal = session.open('process', values);
    const { readOptions } = await import('../../runner/read-preset.ts');
    const options = await readOptions(pickOptions(values, flags));
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
