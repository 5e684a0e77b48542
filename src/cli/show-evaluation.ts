import { evaluate } from '../evaluate/evaluate.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface ShowEvaluationOptions {
  readonly sourcePaths: readonly string[];
  readonly targetPath: string;
  readonly resultPath: string;
  readonly signal: AbortSignal;
}

/** Prints the measures of a result with a verdict for each. */
export async function showEvaluation(terminal: Terminal, options: ShowEvaluationOptions): Promise<void> {
  const { sourcePaths, targetPath, resultPath, signal } = options;
  const report = await evaluate({ sourcePaths, targetPath, resultPath, signal, onProgress: terminal.progress });
  terminal.result('evaluate', { ...report }, () => {
    const rows = describeMeasures(report);
    for (const line of formatTable([['MEASURE', 'VALUE', 'VERDICT'], ...rows])) terminal.data(line);
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One row for every measure that carries a verdict, however deep it stands in the report. */
function describeMeasures(report: object, path: readonly string[] = []): string[][] {
  return Object.entries(report).flatMap(([name, value]) => {
    if (!isRecord(value)) return [];
    const here = [...path, name];
    if (typeof value.verdict !== 'string') return describeMeasures(value, here);
    const number = typeof value.value === 'number' ? value.value.toFixed(4) : '-';
    return [[here.join('.'), number, value.verdict]];
  });
}
