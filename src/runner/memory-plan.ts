/** Fits a run into the memory that it may use, or refuses it before anything is begun. */
import { AppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { VIDEO_PRESETS } from '../core/output-options.ts';
import { LOOK_AHEAD_FRAMES } from '../engine/faces/steady-tracks.ts';
import type { Note } from '../engine/processors/processor.ts';
import type { VideoOutputPlan } from '../media/plan-video-output.ts';
import type { VideoInfo } from '../media/probe.ts';
import { scaledSize } from '../media/scaled-size.ts';
import { READ_AHEAD_FRAMES } from '../media/video-reader.ts';
import { type MemoryChoice, photoMemory, type VideoFacts, videoMemory } from './memory-model.ts';
import { threadsForFaces } from './open-face-work.ts';

/** `--lite`, in gigabytes of RAM. */
const LITE_GIGABYTES = 2;
const GIGABYTE = 1e9;
/** Below this a face that is missed for a moment would flicker. */
const SHORTEST_LOOK_AHEAD = 1;
/** What a model takes, its activations included, as a multiple of its file. */
const MEMORY_OF_MODEL = 1.5;
/** The model is wrong by about so much. */
const MARGIN = 1.1;

/** How to run, and what that will take. */
export interface MemoryPlan extends MemoryChoice {
  /** Expected peak of all processes together. */
  readonly estimateBytes: number;
  /** What was given up to stay below the limit. */
  readonly notes: readonly Note[];
}

/** What the run works on. */
export type MemorySubject =
  | {
      readonly kind: 'video';
      readonly info: Pick<VideoInfo, 'frameWidth' | 'frameHeight' | 'bitDepth' | 'toneMapped'>;
      readonly output: Pick<VideoOutputPlan, 'chunkEncoder' | 'bitDepth'>;
    }
  | { readonly kind: 'image'; readonly width: number; readonly height: number };

/**
 * Chooses how far a run looks ahead and how many threads it has. Without a limit that is as far and as many as help.
 * Below a limit it gives up first what costs time only (encoders at once, read-ahead, threads), then what costs quality
 * (look-ahead); the first choice that fits is taken. `lite` takes the smallest of all.
 * @param cores of the machine
 * @param modelBytes of the files of models that the user has added and the run uses
 * @throws MEMORY_LIMIT where nothing fits, with what would
 */
export function planMemory(
  options: Pick<
    ResolvedProcessOptions,
    'lite' | 'systemMemoryLimit' | 'executionThreadCount' | 'outputVideoPreset' | 'outputVideoScale'
  >,
  subject: MemorySubject,
  cores: number,
  modelBytes = 0,
): MemoryPlan {
  const usual: MemoryChoice = {
    lookAheadFrames: LOOK_AHEAD_FRAMES,
    readAheadFrames: READ_AHEAD_FRAMES,
    threads: threadsForFaces(options.executionThreadCount, cores) + 1,
    encodersAtOnce: 2,
  };
  const limit = limitBytes(options);
  const withoutModels = estimator(options, subject, cores);
  const estimate = (choice: MemoryChoice): number => withoutModels(choice) + MEMORY_OF_MODEL * modelBytes;
  const choices = [...smallerAndSmaller(usual)];
  const smallest = choices.at(-1)!;
  const chosen = (options.lite ? [smallest] : choices).find((choice) => estimate(choice) <= limit);
  if (!chosen) throw refusal(options, subject, cores, limit - MEMORY_OF_MODEL * modelBytes, limit, estimate(smallest));
  return { ...chosen, estimateBytes: estimate(chosen), notes: notesOf(chosen, usual, limit) };
}

const limitBytes = ({ lite, systemMemoryLimit }: Pick<ResolvedProcessOptions, 'lite' | 'systemMemoryLimit'>): number =>
  Math.min(
    lite ? LITE_GIGABYTES * GIGABYTE : Number.POSITIVE_INFINITY,
    systemMemoryLimit > 0 ? systemMemoryLimit * GIGABYTE : Number.POSITIVE_INFINITY,
  );

function estimator(
  options: Pick<ResolvedProcessOptions, 'outputVideoPreset' | 'outputVideoScale'>,
  subject: MemorySubject,
  cores: number,
): (choice: MemoryChoice) => number {
  if (subject.kind === 'image') return () => MARGIN * photoMemory(subject.width * subject.height);
  const { info, output } = subject;
  const [outputWidth, outputHeight] = scaledSize(info, options.outputVideoScale);
  const facts: VideoFacts = {
    pixels: info.frameWidth * info.frameHeight,
    outputPixels: outputWidth * outputHeight,
    bitDepth: info.bitDepth,
    isDeep: output.bitDepth === 10,
    isToneMapped: info.toneMapped,
    encoder: output.chunkEncoder,
    preset: options.outputVideoPreset,
    cores,
  };
  return (choice) => MARGIN * videoMemory(facts, choice);
}

/** Choices in the order in which they are given up: what costs least comes first. */
function* smallerAndSmaller(usual: MemoryChoice): Generator<MemoryChoice, void, void> {
  let choice = usual;
  yield choice;
  yield (choice = { ...choice, encodersAtOnce: 1 });
  while (choice.readAheadFrames > 1) yield (choice = { ...choice, readAheadFrames: choice.readAheadFrames - 1 });
  while (choice.threads > 1) yield (choice = { ...choice, threads: choice.threads - 1 });
  while (choice.lookAheadFrames > SHORTEST_LOOK_AHEAD) {
    yield (choice = { ...choice, lookAheadFrames: choice.lookAheadFrames - 1 });
  }
}

function notesOf(chosen: MemoryChoice, usual: MemoryChoice, limit: number): Note[] {
  const given = [
    ...(chosen.threads < usual.threads ? [`${count(chosen.threads, 'thread')} instead of ${usual.threads}`] : []),
    ...(chosen.lookAheadFrames < usual.lookAheadFrames
      ? [`a look-ahead of ${count(chosen.lookAheadFrames, 'frame')} instead of ${usual.lookAheadFrames}`]
      : []),
  ];
  if (given.length === 0) return [];
  return [{ code: 'memory-limit', message: `To stay below ${gigabytes(limit)} the run has ${given.join(' and ')}.` }];
}

const count = (number: number, what: string): string =>
  `${number === 1 ? 'one' : number} ${what}${number === 1 ? '' : 's'}`;

/** Rounded up, so that what is said to be enough is. */
const gigabytes = (bytes: number): string => `${Math.ceil(bytes / (GIGABYTE / 10)) / 10} GB`;

function refusal(
  options: Pick<ResolvedProcessOptions, 'lite' | 'outputVideoPreset' | 'outputVideoScale'>,
  subject: MemorySubject,
  cores: number,
  left: number,
  limit: number,
  needed: number,
): AppError {
  const smallest: MemoryChoice = {
    lookAheadFrames: SHORTEST_LOOK_AHEAD,
    readAheadFrames: 1,
    threads: 1,
    encodersAtOnce: 1,
  };
  const faster = VIDEO_PRESETS.slice(0, VIDEO_PRESETS.indexOf(options.outputVideoPreset)).findLast(
    (outputVideoPreset) => estimator({ ...options, outputVideoPreset }, subject, cores)(smallest) <= left,
  );
  const ways = [
    ...(subject.kind === 'video' && faster ? [`--output-video-preset ${faster}`] : []),
    `${options.lite ? 'no --lite and ' : ''}--system-memory-limit ${Math.ceil(needed / (GIGABYTE / 10)) / 10}`,
  ];
  return new AppError(
    'MEMORY_LIMIT',
    `Expected a run that needs at most ${limit / GIGABYTE} GB of memory, but this one needs about ${gigabytes(needed)}.`,
    {
      hint: `It would fit with ${ways.join(', or with ')}.`,
      details: { limitBytes: limit, neededBytes: Math.round(needed) },
    },
  );
}
