/** The runs of a batch: every source of a pattern on every target of another. */
import { extname, parse, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { AppError } from '../../core/errors.ts';
import { closest } from '../../core/suggest.ts';

export interface BatchPatterns {
  readonly sourcePattern?: string | undefined;
  readonly targetPattern: string;
  readonly outputPattern: string;
}

export interface BatchRun {
  /** Absolute. */
  readonly source: string | undefined;
  readonly target: string;
  readonly output: string;
}

/** What an output pattern may have in braces. */
const PLACEHOLDERS = ['index', 'source_name', 'target_name', 'target_extension'] as const;
/** A pattern that was written wrongly should not begin a month of work. */
const MOST_RUNS = 10_000;

/**
 * Finds the files of the patterns, in the order of their names, sources first.
 * @throws INPUT_NOT_FOUND where a pattern fits nothing; OPTION_INVALID for a placeholder that is none, for outputs of the
 *   same name, and for more runs than anybody wants
 */
export async function expandBatch({
  sourcePattern,
  targetPattern,
  outputPattern,
}: BatchPatterns): Promise<readonly BatchRun[]> {
  checkPlaceholders(outputPattern, sourcePattern !== undefined);
  const sources = sourcePattern === undefined ? [undefined] : await find('source', sourcePattern);
  const targets = await find('target', targetPattern);
  const count = sources.length * targets.length;
  if (count > MOST_RUNS) {
    throw new AppError(
      'OPTION_INVALID',
      `Expected at most ${MOST_RUNS} runs, received ${sources.length} sources times ${targets.length} targets.`,
    );
  }
  const runs: BatchRun[] = [];
  const seen = new Map<string, number>();
  for (const source of sources) {
    for (const target of targets) {
      const index = runs.length;
      const output = resolve(fill(outputPattern, { index, source, target }));
      const before = seen.get(output);
      if (before !== undefined) {
        throw new AppError('OPTION_INVALID', `The runs ${before} and ${index} would write the same file: ${output}.`, {
          hint: 'Put {index}, or {source_name} and {target_name}, into --output-pattern.',
          details: { option: 'outputPattern' },
        });
      }
      seen.set(output, index);
      runs.push({ source, target, output });
    }
  }
  return runs;
}

async function find(what: 'source' | 'target', pattern: string): Promise<readonly string[]> {
  const found = await glob(pattern.replaceAll('\\', '/'), {
    absolute: true,
    onlyFiles: true,
    expandDirectories: false,
  });
  if (found.length > 0) return found.map((path) => resolve(path)).sort(byName);
  throw new AppError('INPUT_NOT_FOUND', `No file fits the pattern --${what}-pattern ${JSON.stringify(pattern)}.`, {
    hint: 'Quote it, so that the shell leaves it alone: "photos/*.jpg".',
    details: { option: `${what}Pattern` },
  });
}

const byName = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function checkPlaceholders(pattern: string, hasSources: boolean): void {
  for (const [, name = ''] of pattern.matchAll(/\{([^{}]*)\}/g)) {
    const isKnown = (PLACEHOLDERS as readonly string[]).includes(name);
    if (isKnown && (hasSources || name !== 'source_name')) continue;
    const near = isKnown ? undefined : closest(name, PLACEHOLDERS);
    const why = isKnown ? 'there is no --source-pattern' : `there are {${PLACEHOLDERS.join('}, {')}}`;
    throw new AppError('OPTION_INVALID', `--output-pattern: {${name}} stands for nothing: ${why}.`, {
      ...(near === undefined ? {} : { hint: `Did you mean {${near}}?` }),
      details: { option: 'outputPattern' },
    });
  }
}

interface Parts {
  readonly index: number;
  readonly source: string | undefined;
  readonly target: string;
}

/** In one pass: names may hold what looks like a placeholder. */
const fill = (pattern: string, { index, source, target }: Parts): string => {
  const values: Readonly<Record<string, string>> = {
    index: String(index),
    source_name: source === undefined ? '' : parse(source).name,
    target_name: parse(target).name,
    // With its dot, as FaceFusion has it.
    target_extension: extname(target),
  };
  return pattern.replace(/\{([^{}]*)\}/g, (whole, name: string) => values[name] ?? whole);
};
