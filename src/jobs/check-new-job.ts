/** Everything about a new job that can be checked without doing its work. */
import { basename, extname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { type ResolvedProcessOptions, toFlag } from '../core/options.ts';
import type { ProcessorDefinition } from '../engine/processors/processor.ts';
import { PROCESSORS } from '../engine/processors/registry.ts';
import { CONTAINERS } from '../media/output-containers.ts';
import { planImageOutput } from '../media/write-image.ts';
import { checkMap } from '../runner/people/source-sets.ts';
import { findProcessors } from '../runner/prepare-run.ts';
import { checkRun } from '../trust/policy/check-run.ts';
import { refuseWords } from '../trust/words/refuse-words.ts';
import { readApiOptions } from './api-options.ts';
import { allOf, assetsOf, type MediaMap, type ReadyAsset, type RunMedia, sourcesOf } from './assets-of.ts';
import type { InstalledRules } from './installed-rules.ts';
import type { Job, Requirements } from './job.ts';
import type { NewJob, NewRange, NewRun } from './job-service.ts';
import { modelsElsewhere, modelsHere, type NeededModel } from './needed-models.ts';
import { parsePostSteps } from './post/post-steps.ts';
import type { Store } from './store/store.ts';

/** A job that may begin. */
export interface CheckedJob {
  readonly media: RunMedia<ReadyAsset>;
  /** As they were given, presets filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly resolved: ResolvedProcessOptions;
  readonly outputName: string;
  readonly post: readonly Readonly<Record<string, unknown>>[];
  readonly models: readonly NeededModel[];
  readonly requires: Requirements;
  readonly work: NonNullable<Job['work']>;
}

export interface CheckContext {
  readonly store: Pick<Store, 'read'>;
  readonly rules: InstalledRules;
  /** True where other machines do the work. */
  readonly isShared: boolean;
}

/**
 * @throws OPTION_INVALID, OPTION_UNKNOWN, OPTION_MISSING, OUTPUT_UNSUPPORTED, INPUT_UNSUPPORTED; NOT_FOUND for media;
 *   POLICY_FORBIDS, CONTENT_BLOCKED for words in names; MODEL_NOT_FOUND and LICENSE_FORBIDS_COMMERCIAL_USE where this
 *   machine does the work
 */
export async function checkNewJob({ tenant, run, post = [] }: NewJob, context: CheckContext): Promise<CheckedJob> {
  const { store, rules, isShared } = context;
  const outputName = outputNameOf(run);
  const { ranges = [] } = run;
  const rangeMaps = ranges.map(({ map = [] }) => map);
  const media = await assetsOf(store, tenant, { ...run, map: run.map ?? [], rangeMaps });
  const { given, resolved } = await readApiOptions(run.options, {
    sourcePaths: media.sources.map(pathFor),
    map: toWords(media.map),
    ranges: ranges.map((range, at) => ({ ...range, map: toWords(media.rangeMaps?.[at] ?? []) })),
    targetPath: pathFor(media.target),
    outputPath: outputName,
  });
  checkRun(rules.installed.policy, resolved);
  const models = isShared ? modelsElsewhere(resolved) : await modelsHere(resolved);
  checkMap(resolved);
  const processors = findProcessors(resolved, PROCESSORS);
  checkSources(media, processors);
  const kind = targetKind(media.target, processors);
  if (ranges.length > 0 && kind === 'image') throw noRangesInPhoto();
  checkOutput(outputName, kind);
  checkFrames(resolved, media.target);
  refuseWords(rules.words, [
    { what: 'name of the target', text: media.target.fileName },
    { what: 'name of the output', text: outputName },
    ...allOf(media)
      .filter((asset) => asset !== media.target)
      .map(({ fileName }) => ({ what: 'name of a source', text: fileName })),
  ]);
  return {
    media,
    options: withRanges(given, ranges),
    resolved,
    outputName,
    post: parsePostSteps(post, kind),
    models,
    requires: {
      providers: resolved.executionProviders.filter((provider) => provider !== 'cpu' && provider !== 'auto'),
      models: models.map(({ id }) => id),
      memoryBytes: 0,
    },
    work: workOf(media.target, kind, resolved),
  };
}

/** Options with their ranges; whom those give another face is kept beside them. */
export const withRanges = (
  given: Readonly<Record<string, unknown>>,
  ranges: readonly NewRange[],
): Readonly<Record<string, unknown>> =>
  ranges.length === 0 ? given : { ...given, ranges: ranges.map(({ map: _, ...range }) => range) };

/** Rules as the option `map` has them, with ids in the place of paths. */
export const toWords = (map: MediaMap<ReadyAsset>): string[] =>
  map.map(({ person, sources }) => `${person}=${sources.map(pathFor).join(',') || 'keep'}`);

/** Stands for a medium where options want a path. */
const pathFor = ({ id }: ReadyAsset): string => id;

/** Names are parts of addresses and of files on workers. */
function outputNameOf({ output }: NewRun): string {
  if (output.kind !== 'stored') {
    throw new AppError('OPTION_INVALID', 'Expected a name for the output, received a path.', {
      details: { option: 'output' },
    });
  }
  const { name } = output;
  const isName =
    basename(name) === name && !/[\\:\p{Cc}\p{Cf}]/u.test(name) && !name.startsWith('.') && name.length <= LONGEST_NAME;
  if (isName && name !== '') return name;
  throw new AppError(
    'OPTION_INVALID',
    `Expected the name of a file for the output, received ${JSON.stringify(name.slice(0, 80))}.`,
    {
      hint: `Name it as in result.mp4: no folder, at most ${LONGEST_NAME} letters.`,
      details: { option: 'output' },
    },
  );
}
const LONGEST_NAME = 120;

/** As `sortSources` does with files. */
function checkSources(media: RunMedia<ReadyAsset>, processors: readonly ProcessorDefinition[]): void {
  const { sources, map } = media;
  const listener = processors.find(({ needsAudio }) => needsAudio);
  const isSound = ({ media: { kind } }: ReadyAsset): boolean => kind === 'audio' || (kind === 'video' && !!listener);
  for (const asset of sourcesOf(media)) {
    const { kind, format } = asset.media;
    if (kind === 'image' || (isSound(asset) && listener)) continue;
    throw new AppError(
      'INPUT_UNSUPPORTED',
      `Expected a photo for the source, but ${asset.id} is ${kind} (${format}).`,
      {
        hint:
          kind === 'audio' ? 'Only lip_syncer listens to sound: add it to processors.' : 'Name a photo of the face.',
        details: { asset: asset.id },
      },
    );
  }
  const missing = (what: string): AppError =>
    new AppError('OPTION_MISSING', `Expected ${what} among the sources, received none.`, {
      details: { option: 'sources' },
    });
  const needsPhoto = processors.some(({ needsSource }) => needsSource) && map.length === 0;
  if (needsPhoto && !sources.some((asset) => !isSound(asset))) throw missing('a photo');
  if (listener && sources.filter(isSound).length !== 1) throw missing(`one sound for ${listener.id}`);
}

function targetKind({ id, media }: ReadyAsset, processors: readonly ProcessorDefinition[]): 'image' | 'video' {
  const { kind, format } = media;
  if (kind === 'audio') {
    throw new AppError('INPUT_UNSUPPORTED', `Expected a photo or a video as target, but ${id} is audio (${format}).`);
  }
  const listener = processors.find(({ needsAudio }) => needsAudio);
  if (listener && kind === 'image') {
    throw new AppError('INPUT_UNSUPPORTED', `Expected a video for ${listener.id}, but ${id} is a photo.`, {
      hint: 'A photo has no time in which lips could move.',
    });
  }
  return kind;
}

export const noRangesInPhoto = (): AppError =>
  new AppError('OPTION_INVALID', 'Expected a video for ranges, received a photo: it has one frame.', {
    hint: 'Give the settings of the range with the run itself.',
    details: { option: 'ranges' },
  });

function checkOutput(name: string, kind: 'image' | 'video'): void {
  if (kind === 'image') {
    planImageOutput(name);
    return;
  }
  const ending = extname(name).slice(1).toLowerCase();
  const endings: readonly string[] = Object.entries(CONTAINERS).flatMap(([container, rules]) =>
    container === 'images' ? [] : [...rules.endings],
  );
  if (endings.includes(ending)) return;
  throw new AppError('OUTPUT_UNSUPPORTED', `A video cannot be written as ${ending === '' ? name : `.${ending}`}.`, {
    hint: `Use one of ${endings.map((one) => `.${one}`).join(' ')}.`,
    details: { option: 'output' },
  });
}

function checkFrames(options: ResolvedProcessOptions, { media: { frames } }: ReadyAsset): void {
  if (frames === undefined) return;
  for (const name of ['trimFrameStart', 'referenceFrameNumber'] as const) {
    const frame = options[name] ?? 0;
    if (frame < frames) continue;
    throw new AppError('OPTION_INVALID', `Expected ${toFlag(name)} below ${frames}, received ${frame}.`, {
      hint: `The target has ${frames} frames, counted from 0.`,
      details: { option: name },
    });
  }
}

function workOf(
  { media: { width = 0, height = 0, durationSeconds = 0, frames = 0 } }: ReadyAsset,
  kind: 'image' | 'video',
  { videoChunkSize, trimFrameStart = 0, trimFrameEnd = frames }: ResolvedProcessOptions,
): NonNullable<Job['work']> {
  if (kind === 'image') return { kind, videoSeconds: 0, megapixels: (width * height) / 1e6, chunks: 1 };
  const taken = Math.max(1, Math.min(frames, trimFrameEnd) - trimFrameStart);
  const share = frames === 0 ? 1 : taken / frames;
  return {
    kind,
    videoSeconds: durationSeconds * share,
    megapixels: 0,
    chunks: Math.max(1, Math.ceil(taken / videoChunkSize)),
  };
}
