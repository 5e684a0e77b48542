import { toFlag } from '../core/options.ts';
import { planRun } from '../runner/plan-run.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Says what a run would do. Nothing is written and no model is loaded. */
export async function showPlan(terminal: Terminal, options: unknown): Promise<void> {
  const plan = await planRun(options);
  terminal.result('process', { dryRun: true, ...plan }, () => {
    const rows = Object.entries(plan.options).map(([name, value]) => [toFlag(name), show(value)]);
    for (const line of formatTable(rows)) terminal.data(line);
    for (const [index, step] of plan.steps.entries()) terminal.say(`${index + 1}. ${step}`);
    for (const note of plan.output.notes) terminal.say(`note: ${note}`);
    terminal.say('Nothing was written.');
  });
}

const show = (value: unknown): string => (Array.isArray(value) ? value.join(' ') : String(value));
