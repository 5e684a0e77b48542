/**
 * Job files of FaceFusion 3.x (`.jobs/<status>/<id>.json`, version "1"): read as jobs of this machine, and written again.
 * Names of options are the same but for their case; what only one of the two knows is told, never dropped in silence.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { processOptionsSchema } from '../core/options.ts';
import { checkInputFile } from '../media/input-file.ts';
import type { Job, JobStep, Media } from './job.ts';
import { outputOf, toStep } from './local/local-steps.ts';

const fileSchema = z.object({
  version: z.literal('1'),
  date_created: z.string(),
  date_updated: z.string().nullable(),
  steps: z.array(
    z.object({
      args: z.record(z.string(), z.unknown()),
      status: z.enum(['drafted', 'queued', 'started', 'completed', 'failed']),
    }),
  ),
});
type FileStep = z.infer<typeof fileSchema>['steps'][number];

/** A thousand steps take less. */
const LARGEST_BYTES = 16_000_000;

/** A job as it can be taken over by `LocalJobs.importJob`. */
export interface ImportedJob {
  readonly id: string;
  /** All drafted: whatever state the file was in, its outputs are not ours. */
  readonly steps: readonly JobStep[];
  /** What was not taken over, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads a job file. Its name is the id of the job.
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_TOO_LARGE; see `parseFacefusionJob`
 */
export async function readFacefusionJob(path: string): Promise<ImportedJob> {
  if ((await checkInputFile(path)) > LARGEST_BYTES) {
    throw new AppError('INPUT_TOO_LARGE', `Expected a job file of at most ${LARGEST_BYTES} bytes: ${path}.`);
  }
  return parseFacefusionJob(await readFile(path, 'utf8'), basename(path, extname(path)));
}

/**
 * @param id of the job: outputs of its steps, which other steps go on with, are named after it
 * @throws INPUT_UNSUPPORTED for what is no such file; OPTION_INVALID and the like for a step that could not run
 */
export async function parseFacefusionJob(text: string, id: string): Promise<ImportedJob> {
  const { steps } = parseFile(text);
  const notes: string[] = [];
  const made: JobStep[] = [];
  for (const [index, step] of steps.entries()) {
    const { options, ignored } = toOptions(step, index);
    notes.push(...ignored.map((why) => `Step ${index}: ${why}`));
    const { targetPath, ...rest } = options;
    const earlier = earlierStep(steps.slice(0, index), id, targetPath);
    made.push(await toStep(earlier === undefined ? options : rest, earlier));
  }
  return { id, steps: made, notes };
}

function parseFile(text: string): z.infer<typeof fileSchema> {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new AppError('INPUT_UNSUPPORTED', 'Expected a job file of FaceFusion 3.x, received no JSON.', { cause });
  }
  const parsed = fileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw new AppError('INPUT_UNSUPPORTED', `Expected a job file of FaceFusion 3.x, version "1"${where}.`, {
    hint: 'Such files lie in the folder .jobs of FaceFusion, one a job.',
    cause: parsed.error,
  });
}

/** The options of a step that mean something here. A value of none is as if it was not there. */
function toOptions({ args }: FileStep, index: number): { options: Record<string, unknown>; ignored: string[] } {
  const options: Record<string, unknown> = {};
  const ignored: string[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
    const option = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const schema = Object.hasOwn(processOptionsSchema.shape, option)
      ? processOptionsSchema.shape[option as keyof typeof processOptionsSchema.shape]
      : undefined;
    if (!schema) ignored.push(`${name} is not known here.`);
    else if (schema.safeParse(value).success) options[option] = value;
    // With other processors it would be another job.
    else if (option === 'processors') throw unknownProcessor(value, index);
    else ignored.push(`${name} cannot be ${JSON.stringify(value)} here: its default is taken.`);
  }
  return { options, ignored };
}

const unknownProcessor = (value: unknown, index: number): AppError =>
  new AppError(
    'OPTION_INVALID',
    `Step ${index} of the job file has processors that are not known here: ${JSON.stringify(value)}.`,
    {
      hint: 'See what there is: facefusion run --help',
      details: { option: 'processors', step: index },
    },
  );

/** Which of the earlier steps a target is the output of; the last where there are several. */
function earlierStep(steps: readonly FileStep[], id: string, target: unknown): number | undefined {
  if (typeof target !== 'string') return undefined;
  const found = steps.findLastIndex(({ args: { output_path: output } }, index) => {
    return typeof output === 'string' && resolve(stepOutput(output, id, index)) === resolve(target);
  });
  return found < 0 ? undefined : found;
}

/** What FaceFusion calls the output of a step until its job has ended. */
function stepOutput(output: string, id: string, index: number): string {
  const ending = extname(output);
  return join(dirname(output), `${basename(output, ending)}-${id}-${index}${ending}`);
}

/** Options that FaceFusion has not. */
const ONLY_HERE: readonly string[] = [
  ...['map', 'stylizerModel', 'stylizerLut', 'stylizerBlend', 'faceRecognizerModel', 'faceClassifierModel'],
  ...[
    'faceTrackerInterval',
    'faceTrackerSmoothing',
    'faceMaskQuality',
    'consent',
    'labelDuty',
    'contentAnalyserModels',
  ],
  ...['hdr', 'targetSequenceFps', 'videoChunkSize', 'onNoFace', 'modelFolder', 'licensePolicy', 'lite'],
];
/** Options that belong to a process there, not to a step; and `force`: FaceFusion always overwrites. */
const OF_THE_PROCESS: readonly string[] = [
  ...['executionProviders', 'executionDeviceIds', 'executionThreadCount', 'systemMemoryLimit', 'force'],
];

/**
 * Writes a job of this machine as FaceFusion's.
 * @returns the text of the file, which is to be called `<id>.json`, and what could not be said in it
 */
export function toFacefusionJob(job: Job): { readonly text: string; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const pathOf = (media: Media): string | undefined => {
    if (media.kind === 'file') return media.path;
    const earlier = media.kind === 'step' ? job.steps[media.index] : undefined;
    return earlier && media.kind === 'step' ? stepOutput(outputOf(earlier), job.id, media.index) : undefined;
  };
  const steps = job.steps.map((step, index) => {
    const args: Record<string, unknown> = {
      source_paths: step.sources.map(pathOf),
      target_path: pathOf(step.target),
      output_path: outputOf(step),
    };
    if (step.map.length > 0) notes.push(`Step ${index}: FaceFusion knows no map of persons.`);
    for (const [name, value] of Object.entries(step.options)) {
      if (ONLY_HERE.includes(name)) notes.push(`Step ${index}: FaceFusion has no ${name}.`);
      else if (!OF_THE_PROCESS.includes(name)) args[toSnake(name)] = value;
    }
    return { args, status: step.state };
  });
  const content = { version: '1', date_created: job.createdAt, date_updated: job.updatedAt, steps };
  return { text: `${JSON.stringify(content, null, 4)}\n`, notes };
}

const toSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
