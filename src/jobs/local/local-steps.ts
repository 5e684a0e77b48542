/** Steps of a job of the command line: from options with paths to a step, and back. */
import { basename, extname, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import { isSequencePattern } from '../../media/image-sequence.ts';
import { planImageOutput } from '../../media/write-image.ts';
import { parsePersonMap } from '../../runner/people/parse-map.ts';
import { readOptions } from '../../runner/read-preset.ts';
import type { Job, JobStep, Media } from '../job.ts';

/** Options that a step cannot have, and why. */
const REFUSED = {
  chunk: 'A job makes its chunks by itself.',
  resume: 'A job goes on by itself.',
  publishPartial: 'A job makes the whole video.',
} as const satisfies Partial<Record<keyof ResolvedProcessOptions, string>>;

/** Options that name files of this machine, which must mean the same wherever the job is run. */
const FILES = ['modelFolder', 'stylizerLut'] as const satisfies readonly (keyof ResolvedProcessOptions)[];

/**
 * Makes a step of what somebody would give a run. Paths are made absolute, and presets are filled in: the step means the
 * same wherever and whenever it is run.
 * @param options `ProcessOptions`, unparsed
 * @param earlier index of the step whose output is the target; then no target may be named
 * @throws OPTION_INVALID, OPTION_MISSING, OPTION_UNKNOWN
 */
export async function toStep(options: Readonly<Record<string, unknown>>, earlier?: number): Promise<JobStep> {
  for (const [option, why] of Object.entries(REFUSED)) {
    if (options[option] === undefined || options[option] === false) continue;
    throw new AppError('OPTION_INVALID', `A step cannot have the option ${option}.`, {
      hint: why,
      details: { option },
    });
  }
  if (earlier !== undefined && options.targetPath !== undefined) {
    throw new AppError('OPTION_INVALID', 'Expected no target: the step goes on with the output of another.', {
      details: { option: 'targetPath' },
    });
  }
  const parsed = await readOptions(earlier === undefined ? options : { ...options, targetPath: 'output' });
  const { sourcePaths, map, targetPath, outputPath, preset, chunk, resume, ...rest } = parsed;
  const files = FILES.flatMap((name) => (rest[name] === undefined ? [] : [[name, resolve(rest[name])] as const]));
  const { force } = rest;
  return {
    sources: sourcePaths.map(toFile),
    map: parsePersonMap(map).map(({ person, sourcePaths: of }) => ({ person, sources: of.map(toFile) })),
    target: earlier === undefined ? toFile(targetPath) : { kind: 'step', index: earlier },
    output: { kind: 'file', path: resolve(outputPath) },
    options: { ...named(rest, options), ...absoluteRanges(rest), ...Object.fromEntries(files), force },
    state: 'drafted',
  };
}

/** Those that somebody has set, and those of the preset: defaults of a later version may be others. */
function named(parsed: object, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const hasPreset = typeof given.preset === 'string' && given.preset !== '';
  return Object.fromEntries(
    Object.entries(parsed).filter(([name, value]) => value !== undefined && (hasPreset || given[name] !== undefined)),
  );
}

/** Files that maps of ranges name. */
function absoluteRanges({ ranges }: Pick<ResolvedProcessOptions, 'ranges'>): { ranges?: unknown } {
  if (ranges.length === 0) return {};
  return {
    ranges: ranges.map(({ map = [], ...range }) => ({
      ...range,
      map: parsePersonMap(map).map(({ person, sourcePaths }) =>
        toWord(
          person,
          sourcePaths.map((path) => resolve(path)),
        ),
      ),
    })),
  };
}

const toWord = (person: string, paths: readonly string[]): string =>
  `${person}=${paths.map(escapeComma).join(',') || 'keep'}`;

const toFile = (path: string): Media => ({ kind: 'file', path: resolve(path) });

/** Where a step writes, and whether that is where its owner wants it. */
export interface StepPlace {
  /** Absolute. */
  readonly path: string;
  /** `private`: a file of the job's folder, which becomes the output, or a part of it, in the end. */
  readonly kind: 'output' | 'private';
}

/** An output that the job's owner wants, and the steps that it consists of, in order. */
export interface PlannedOutput {
  readonly path: string;
  readonly steps: readonly number[];
}

export interface StepPlan {
  readonly places: readonly StepPlace[];
  /** Those of several steps. */
  readonly shared: readonly PlannedOutput[];
}

/**
 * Decides where steps write. Steps with an output of their own write it; those that share one write into the job's
 * folder: videos are joined in the order of the steps, of photos the last wins, as FaceFusion does. A step whose output
 * another step of the same output has gone on with is no part of it.
 * @param folder of the job
 * @throws OPTION_INVALID for an image sequence that several steps share
 */
export function planSteps({ id, steps }: Pick<Job, 'id' | 'steps'>, folder: string): StepPlan {
  const paths = steps.map(outputOf);
  const sharers = (path: string): number[] => paths.flatMap((other, index) => (other === path ? [index] : []));
  const places = paths.map((path, index): StepPlace => {
    if (sharers(path).length === 1) return { path, kind: 'output' };
    const ending = extname(path);
    return { path: resolve(folder, `${basename(path, ending)}-${id}-${index}${ending}`), kind: 'private' };
  });
  const shared = [...new Set(paths)].flatMap((path) => {
    const group = sharers(path);
    if (group.length === 1) return [];
    if (isSequencePattern(path)) throw sharedSequence(path);
    const goneOn = group.flatMap((index) => {
      const target = steps[index]?.target;
      return target?.kind === 'step' ? [target.index] : [];
    });
    const parts = group.filter((index) => !goneOn.includes(index));
    return [{ path, steps: isPhoto(path) ? parts.slice(-1) : parts }];
  });
  return { places, shared };
}

export function outputOf({ output }: JobStep): string {
  if (output.kind === 'file') return output.path;
  throw new AppError('JOB_STATE', 'Expected a job of this machine, received one of a service.');
}

function isPhoto(path: string): boolean {
  try {
    // An animated WebP is none; but nobody joins those.
    return planImageOutput(path) !== undefined;
  } catch {
    return false;
  }
}

const sharedSequence = (path: string): AppError =>
  new AppError('OPTION_INVALID', `Several steps would write the image sequence ${path}.`, {
    hint: 'Give each step an output of its own.',
    details: { option: 'outputPath' },
  });

/**
 * The options of a run of this step.
 * @param places where the steps before it have written
 * @param force whether what lies at its place may be replaced
 */
export function toRunOptions(
  step: JobStep,
  places: readonly StepPlace[],
  place: StepPlace,
  force: boolean,
): Record<string, unknown> {
  const pathOf = (media: Media): string => {
    const path = media.kind === 'file' ? media.path : media.kind === 'step' ? places[media.index]?.path : undefined;
    if (path !== undefined) return path;
    throw new AppError('JOB_STATE', 'Expected files of this machine, received media of a service.');
  };
  return {
    ...step.options,
    sourcePaths: step.sources.map(pathOf),
    map: step.map.map(({ person, sources }) => toWord(person, sources.map(pathOf))),
    targetPath: pathOf(step.target),
    outputPath: place.path,
    force,
  };
}

const escapeComma = (path: string): string => path.replaceAll(',', '\\,');
