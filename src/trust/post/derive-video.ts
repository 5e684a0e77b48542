/** A video in another shape: format, size, bits, sound. */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { VideoInfo } from '../../media/probe.ts';
import { ladder } from './hls-request.ts';
import { makeSound } from './make-sound.ts';
import { type MadeVideo, makeVideo, type VideoShape, type VideoWork } from './make-video.ts';
import type { PublishedSource } from './published-source.ts';
import type { RequestFacts, Workbench } from './workbench.ts';

/** How large the result is to be. */
export type SizeGoal =
  | { readonly kind: 'kilobits'; readonly kilobits: number }
  | { readonly kind: 'bytes'; readonly bytes: number };

export interface VideoRequest extends RequestFacts {
  readonly kind: 'video';
  readonly shape: Omit<VideoShape, 'rate'>;
  readonly goal?: SizeGoal | undefined;
  /** True where only the sound changes. */
  readonly copiesPicture: boolean;
}

/** Frames that a request goes through when all goes well. */
export function framesOf(
  request:
    | Pick<VideoRequest, 'kind' | 'shape'>
    | { readonly kind: 'picture' }
    | { readonly kind: 'hls'; readonly heights: readonly number[] },
  source: PublishedSource,
): number {
  const { info } = source;
  if (request.kind === 'picture' || !info) return 1;
  if (request.kind === 'hls') return info.frameCountEstimate * ladder(request.heights, source).length;
  return info.frameCountEstimate * (request.shape?.twoPass ? 2 : 1);
}

/** What the result may be away from its goal. */
const TOLERANCE = 0.05;
/** Two passes meet a rate within a few percent; the second try corrects what is left, the third what that broke. */
const MOST_TRIES = 4;
/** Another rate that changes the size by less than this changes nothing. */
const STUCK = 0.02;
/** Below, encoders give up on any rate. */
const LEAST_KILOBITS = 16;

/** @throws INPUT_UNSUPPORTED for a photo */
export function withInfo(source: PublishedSource): PublishedSource & { readonly info: VideoInfo } {
  const { info } = source;
  if (info) return { ...source, info };
  throw new AppError('INPUT_UNSUPPORTED', 'Expected a video, received a photo.');
}

/** @throws MARK_LOST, OPTION_INVALID where the goal cannot be met (with what can), and what making throws */
export async function deriveVideo(bench: Workbench, request: VideoRequest): Promise<void> {
  const { goal } = request;
  const source = withInfo(bench.source);
  let kilobits = goal && firstRate(source, request, goal);
  let tries = 0;
  let before: number | undefined;
  // The first is planned already.
  const onTry = (): void => {
    if (tries++ > 0) bench.plan(framesOf(request, source));
  };
  for (let attempt = 1; ; attempt++) {
    const { path, made, ...facts } = await makeFile(bench, source, request, kilobits, onTry);
    // They count as well, and are as long the next time.
    const credentials = await bench.sign(path, request.work);
    if (goal === undefined || kilobits === undefined) {
      await bench.keep({ ...request, ...facts, path, credentials });
      return;
    }
    const measured = measure(goal, made, (await stat(path)).size, facts.durationSeconds ?? 1);
    if (Math.abs(measured.reached / measured.wanted - 1) <= TOLERANCE) {
      await bench.keep({ ...request, ...facts, path, credentials });
      return;
    }
    const next = kilobits * measured.factor;
    // An encoder that has nothing left to give or to save stays where it is.
    const isStuck = Math.abs(measured.reached / (before ?? 0) - 1) < STUCK;
    if (attempt === MOST_TRIES || isStuck || !(next >= LEAST_KILOBITS)) throw unreachable(measured);
    before = measured.reached;
    bench.note({
      code: 'size-corrected',
      message: `${request.name} missed its size by ${percent(measured)} and is made again.`,
    });
    kilobits = next;
  }
}

interface Measured {
  readonly unit: 'videoKbps' | 'targetBytes';
  readonly wanted: number;
  readonly reached: number;
  /** By which the rate of the picture would have to change; not above 0 where all else is too much already. */
  readonly factor: number;
}

function measure(goal: SizeGoal, { videoBytes }: MadeVideo, fileBytes: number, seconds: number): Measured {
  if (goal.kind === 'kilobits') {
    const reached = (videoBytes * 8) / 1000 / seconds;
    return { unit: 'videoKbps', wanted: goal.kilobits, reached, factor: goal.kilobits / reached };
  }
  const others = fileBytes - videoBytes;
  const factor = (goal.bytes - others) / videoBytes;
  return { unit: 'targetBytes', wanted: goal.bytes, reached: fileBytes, factor };
}

const percent = ({ wanted, reached }: Measured): string => `${Math.round(Math.abs(reached / wanted - 1) * 100)} %`;

function unreachable({ unit, wanted, reached }: Measured): AppError {
  const possible = Math.round(reached);
  const side = reached > wanted ? 'least' : 'most';
  return new AppError(
    'OPTION_INVALID',
    `Expected a size that this video can have, received ${unit} ${wanted}: about ${possible} is the ${side} that was reached.`,
    {
      hint: side === 'least' ? 'Ask for more, or make it smaller with height or fps.' : 'Ask for less.',
      details: { option: unit, possible },
    },
  );
}

/** What a rate begins with: credentials and index are found out by making it. */
function firstRate(
  { info, bytes }: PublishedSource & { readonly info: VideoInfo },
  request: VideoRequest,
  goal: SizeGoal,
): number {
  if (goal.kind === 'kilobits') return goal.kilobits;
  const seconds = Math.max(1 / info.fps, info.durationSeconds);
  const sound = info.audioStreams.length === 0 ? 0 : (request.shape.audioKilobits ?? USUAL_SOUND_KILOBITS);
  const whole = (Math.min(goal.bytes, MOST_TIMES * bytes) * 8) / 1000 / seconds;
  return Math.max(LEAST_KILOBITS, whole - sound);
}

/** Of stereo. */
const USUAL_SOUND_KILOBITS = 128;
/** Times the bytes of the source that no encoder needs. */
const MOST_TIMES = 20;

async function makeFile(
  bench: Workbench,
  source: PublishedSource & { readonly info: VideoInfo },
  { name, shape, copiesPicture }: VideoRequest,
  kilobits: number | undefined,
  onTry: () => void,
) {
  const path = join(bench.folder, basename(name));
  let made: MadeVideo | undefined;
  const facts = await bench.verified(
    {
      kind: 'video',
      name,
      isAlone: true,
      async make(file, layOn, changes) {
        onTry();
        const rate =
          kilobits === undefined ? undefined : ({ kind: 'average', kilobits: Math.round(kilobits) } as const);
        const work: VideoWork = {
          ...{ source, path: file, layOn, signal: bench.signal },
          shape: { ...shape, rate },
          onFrame: () => bench.step(),
          onNote: (message) => bench.note({ code: 'output-converted', message }),
        };
        // What has to be laid on again cannot be copied.
        made = copiesPicture && !changes ? await makeSound(work) : await makeVideo(work);
        return made;
      },
    },
    path,
  );
  if (!made) throw new AppError('INTERNAL', 'A video was looked at that was not made.');
  const { width, height, durationSeconds, mark } = facts;
  return { path, made, width, height, durationSeconds, mark };
}
