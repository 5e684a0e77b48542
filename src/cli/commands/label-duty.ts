import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface DutyValues extends CommonValues {
  readonly by: string;
  readonly reason: string;
  readonly until: string;
}

/** `facefusion label-duty`: somebody takes the duty to label outputs. */
export function addLabelDutyCommand(program: Command, session: Session): void {
  const command = program
    .command('label-duty')
    .summary('take the duty to label outputs that carry no visible label')
    .description(
      'Records in the audit log, with a name, that somebody labels outputs themselves. Runs that name the entry (--label-duty) leave the visible label of the policy off; mark, metadata and credentials stay.',
    )
    .requiredOption('--by <name>', 'who takes the duty')
    .requiredOption('--reason <text>', 'why, and how the outputs are labelled instead')
    .requiredOption('--until <day>', 'last day, such as 2027-03-31; a year at most')
    .helpGroup('Trust:');
  addCommonFlags(command).action(async (values: DutyValues) => {
    const terminal = session.open('label-duty', values);
    const { acceptLabelDuty } = await import('../../runner/label-duty.ts');
    const duty = await acceptLabelDuty(values);
    terminal.result('label-duty', { ...duty }, () => {
      terminal.data(
        `Recorded as audit entry ${duty.entry}, until ${duty.until}. Use it with: --label-duty ${duty.entry}`,
      );
    });
  });
}
