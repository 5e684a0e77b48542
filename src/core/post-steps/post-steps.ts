/**
 * Steps of post-processing, once: names, bounds, defaults. The API's schema, the command line and docs/post-processing.md
 * derive from it. Another step is one file, one line in `postStepSchema` and one in `STEP_RULES`.
 */
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { bitrateStep } from './bitrate.ts';
import { cleanupStep } from './cleanup.ts';
import { CONVERT_PHOTO_FORMATS, CONVERT_VIDEO_FORMATS, convertStep } from './convert.ts';
import { hlsStep } from './hls.ts';
import { loudnessStep } from './loudness.ts';
import { thumbnailStep } from './thumbnail.ts';

export const postStepSchema = z
  .discriminatedUnion('type', [cleanupStep, loudnessStep, convertStep, bitrateStep, thumbnailStep, hlsStep])
  .meta({ id: 'PostStep', description: 'A step of post-processing.' });
export type PostStep = Readonly<z.output<typeof postStepSchema>>;
export type PostStepInput = z.input<typeof postStepSchema>;
export type StepOf<Type extends PostStep['type']> = Extract<PostStep, { type: Type }>;

/** Each makes at least one file, or is one more pass. */
const MOST_STEPS = 16;

interface StepRules {
  /** What is changed in the picture comes first, so that every file is made of it; packages of files come last. */
  readonly order: number;
  readonly kinds: readonly ('image' | 'video')[];
  readonly most: number;
}

const STEP_RULES: Readonly<Record<PostStep['type'], StepRules>> = {
  cleanup: { order: 0, kinds: ['image', 'video'], most: 8 },
  loudness: { order: 1, kinds: ['video'], most: 1 },
  convert: { order: 2, kinds: ['image', 'video'], most: 8 },
  bitrate: { order: 3, kinds: ['video'], most: 8 },
  thumbnail: { order: 4, kinds: ['image', 'video'], most: 8 },
  hls: { order: 5, kinds: ['video'], most: 1 },
};

/**
 * Parses a list of steps and puts it in the order in which they are done, whatever order they were written in.
 * @param kind of the output, where it is known already
 * @throws OPTION_INVALID with the path of what is wrong, as in `post[0].height`
 */
export function parsePostSteps(input: unknown, kind?: 'image' | 'video'): PostStep[] {
  const parsed = z.array(postStepSchema).max(MOST_STEPS).safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = pathText(issue?.path ?? []);
    throw invalid(path, issue?.message ?? 'Not a list of steps.');
  }
  parsed.data.forEach((step, index) => {
    checkKind(step, index, kind);
    const same = parsed.data.slice(0, index).filter(({ type }) => type === step.type).length;
    const { most } = STEP_RULES[step.type];
    if (same >= most) throw invalid(`post[${index}]`, `Expected at most ${most} steps ${step.type}.`);
  });
  refuseTwoInPlace(parsed.data);
  const orderOf = ({ type }: PostStep): number => STEP_RULES[type].order;
  return parsed.data.toSorted((a, b) => orderOf(a) - orderOf(b));
}

function checkKind(step: PostStep, index: number, kind: 'image' | 'video' | undefined): void {
  const at = `post[${index}]`;
  if (kind === undefined) return;
  if (!STEP_RULES[step.type].kinds.includes(kind)) throw invalid(`${at}.type`, `The step ${step.type} is for videos.`);
  if (step.type !== 'convert') return;
  const formats: readonly string[] = kind === 'video' ? CONVERT_VIDEO_FORMATS : CONVERT_PHOTO_FORMATS;
  if (formats.includes(step.format)) return;
  const what = kind === 'video' ? 'a video' : 'a photo';
  throw invalid(`${at}.format`, `Expected one of ${formats.join(', ')} for ${what}, received ${step.format}.`);
}

/** Of two that take the place of the output the first would be lost. */
function refuseTwoInPlace(steps: readonly PostStep[]): void {
  for (const type of ['convert', 'bitrate'] as const) {
    const inPlace = steps.flatMap((step, index) => (step.type === type && !step.beside ? [index] : []));
    const second = inPlace[1];
    if (second === undefined) continue;
    throw invalid(`post[${second}].beside`, `Only one step ${type} can take the place of the output.`);
  }
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => `${text}${typeof key === 'number' ? `[${key}]` : `.${String(key)}`}`, 'post');

const invalid = (path: string, message: string): AppError =>
  new AppError('OPTION_INVALID', `${path}: ${message}`, {
    hint: 'See docs/post-processing.md.',
    details: { option: path },
  });
