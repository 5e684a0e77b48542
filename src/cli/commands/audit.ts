import type { Command } from 'commander';
import { parseCount } from '../arguments.ts';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

interface ListValues extends CommonValues {
  readonly kind?: string;
  readonly job?: string;
  readonly since?: string;
  readonly limit?: number;
}

const commands = () => import('../audit/audit.ts');
const toSeq = (text: string): number => parseCount('an entry', text);

/** `facefusion audit`: what this installation has done, and that the record of it is whole. */
export function addAuditCommand(program: Command, session: Session): void {
  const audit = program
    .command('audit')
    .summary('look at, check and prove what this installation has done')
    .description(
      'Every run, output, refusal, consent and listed person has an entry that nothing can change unseen: entries are chained, in a hash tree, and signed.',
    )
    .helpGroup('Trust:')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .action(() => audit.outputHelp());
  const add = (name: string, text: string): Command => addCommonFlags(audit.command(name).description(text));

  add('list', 'Lists entries, oldest first.')
    .option('--kind <kind>', 'of one kind, such as output.published or run.refused')
    .option('--job <id>', 'of one job, as `facefusion verify` reads it from an output')
    .option('--since <date>', 'from a day on, such as 2026-11-24')
    .option('--limit <number>', 'the newest so many', (text) => parseCount('--limit', text))
    .action(async (values: ListValues) => {
      const terminal = session.open('audit list', values);
      await (await commands()).list(terminal, values);
    });
  add('show', 'Shows all of one entry.')
    .argument('<entry>', 'its number', toSeq)
    .action(async (seq: number, values: CommonValues) => {
      const terminal = session.open('audit show', values);
      await (await commands()).show(terminal, seq);
    });
  add('verify', 'Compares every line with the chain and the signed checkpoints. Ends with 8 where one differs.').action(
    async (values: CommonValues) => {
      const terminal = session.open('audit verify', values);
      await (await commands()).verify(terminal);
    },
  );
  add('prove', 'Writes what proves to others, without the rest of the log, that an entry is in it.')
    .argument('<entry>', 'its number', toSeq)
    .argument('<file>', 'JSON file to write')
    .action(async (seq: number, file: string, values: CommonValues) => {
      const terminal = session.open('audit prove', values);
      await (await commands()).prove(terminal, seq, file);
    });
  add('export', 'Writes the log as JSON, one entry a line.')
    .argument('<file>', 'file to write')
    .option('--personal', 'also values that say who somebody is')
    .action(async (file: string, values: CommonValues & { readonly personal?: boolean }) => {
      const terminal = session.open('audit export', values);
      await (await commands()).exportTo(terminal, file, values.personal ?? false);
    });
  add('checkpoint', 'Signs the log as it is now, for safe keeping elsewhere.').action(async (values: CommonValues) => {
    const terminal = session.open('audit checkpoint', values);
    await (await commands()).checkpoint(terminal);
  });
  add('expire', 'Erases personal values that are older than the policy keeps them (audit.retentionDays); run it daily.')
    .requiredOption('--by <name>', 'who erases them')
    .action(async (values: CommonValues & { readonly by: string }) => {
      const terminal = session.open('audit expire', values);
      await (await commands()).expire(terminal, values.by);
    });
  add('erase', 'Erases personal values for good; the chain stays whole and says so.')
    .argument('<name>', 'which value: operator, target, sources, output, subject, name')
    .argument('<value>', 'what it is')
    .requiredOption('--by <name>', 'who erases it')
    .action(async (name: string, value: string, values: CommonValues & { readonly by: string }) => {
      const terminal = session.open('audit erase', values);
      await (await commands()).erase(terminal, name, value, values.by);
    });
}
