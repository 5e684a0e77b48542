/** The checks and decisions of a run that cost little: no model is loaded and nothing is written. */
import { basename, extname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { type ResolvedProcessOptions, toFlag } from '../core/options.ts';
import { processorsOf, rangeRuns } from '../core/ranges.ts';
import type { ProcessorDefinition } from '../engine/processors/processor.ts';
import { inputFiles } from '../media/image-sequence-input.ts';
import { planVideoOutput, type VideoOutputPlan } from '../media/plan-video-output.ts';
import { probeVideo, type VideoInfo } from '../media/probe.ts';
import { type ImageFormat, type MediaKind, sniffMedia } from '../media/sniff.ts';
import type { SoundSource } from '../media/sound-source.ts';
import { type OutputImageFormat, planImageOutput } from '../media/write-image.ts';
import { checkRun } from '../trust/policy/check-run.ts';
import { type InstallationPolicy, readPolicy } from '../trust/policy/read-policy.ts';
import { checkModels, type NeededModels } from './check-models.ts';
import { checkOutput } from './check-paths.ts';
import { allSourcePaths, checkMap } from './people/source-sets.ts';
import { chooseProviders } from './providers/choose-providers.ts';
import { readOptions } from './read-preset.ts';
import { refuseKind } from './refuse-kind.ts';
import { sortSources } from './sort-sources.ts';

export interface ImageTarget {
  readonly kind: 'image';
  readonly format: ImageFormat;
  readonly outputFormat: OutputImageFormat;
}

export interface VideoTarget {
  readonly kind: 'video';
  readonly info: VideoInfo;
  readonly output: VideoOutputPlan;
  /** `[startFrame, endFrame)` after trimming; without an end, to the last frame. */
  readonly startFrame: number;
  readonly endFrame?: number | undefined;
}

/** The target as it was found, and what will be made of it. */
export type Target = ImageTarget | VideoTarget;

export interface PreparedRun {
  /** What this installation allows. */
  readonly installed: InstallationPolicy;
  /** Models of the user's that the run takes. */
  readonly added: NeededModels;
  /** Their `sourcePaths` are photos. With the execution providers that have been chosen: `auto` is not among them. */
  readonly options: ResolvedProcessOptions;
  readonly target: Target;
  /** The processors that were asked for, in that order, and those that only a range names. */
  readonly processors: readonly ProcessorDefinition[];
  /** The source to which lips move, whose sound the output gets. */
  readonly sound?: SoundSource;
  /** See `RunContext`. */
  readonly latestFramePath?: string | undefined;
}

/** Whether faces have to be looked for. */
export const looksForFaces = ({ processors }: Pick<PreparedRun, 'processors'>): boolean =>
  processors.some(({ needsFaces }) => needsFaces);

/** Whether results are transparent in places. */
export const givesAlpha = ({ options, processors }: Pick<PreparedRun, 'options' | 'processors'>): boolean =>
  processors.some((processor) => processor.givesAlpha?.(options));

/** Whether there is work to do on a picture without faces. */
export const worksWithoutFaces = ({ processors }: Pick<PreparedRun, 'processors'>): boolean =>
  processors.some(({ needsFaces }) => !needsFaces);

/** What is known before anything is decided about the output's format. */
export interface PreparedInputs extends Pick<PreparedRun, 'options' | 'processors' | 'sound' | 'added' | 'installed'> {
  /** What the target is. */
  readonly media: Extract<MediaKind, { readonly kind: 'image' | 'video' }>;
}

/**
 * Parses the options, checks every path, looks at what the files are and at whether the output can be made.
 * @param onlyKind refuses a target of the other kind
 */
export async function prepareRun(
  input: unknown,
  registry: readonly ProcessorDefinition[],
  onlyKind?: 'image' | 'video',
): Promise<PreparedRun> {
  const { media, ...inputs } = await prepareInputs(input, registry);
  const { options } = inputs;
  const { targetPath, outputPath } = options;
  if (onlyKind && onlyKind !== media.kind) throw refuseDoor(targetPath, onlyKind, media.format);
  if (options.onNoFace === 'copy') checkCopyable(media.format, outputPath);
  const target: Target =
    media.kind === 'image' ? { ...media, outputFormat: planImageOutput(outputPath) } : await openVideoTarget(inputs);
  return { ...inputs, target };
}

/** The part of `prepareRun` that does not depend on what is made of the target. */
export async function prepareInputs(input: unknown, registry: readonly ProcessorDefinition[]): Promise<PreparedInputs> {
  const given = await readOptions(input);
  const installed = await readPolicy();
  checkRun(installed.policy, given);
  const processors = findProcessors(given, registry);
  const added = await checkModels(given);
  for (const run of [given, ...rangeRuns(given).map(({ options }) => options)]) {
    for (const processor of processors.filter(({ id }) => (run.processors as readonly string[]).includes(id))) {
      processor.checkOptions?.(run, (id) => added.models.find((user) => user.id === id)?.model);
    }
  }
  checkMap(given);
  const { options, sound } = await sortSources(given, processors);
  const { targetPath, outputPath } = options;
  const media = await sniffMedia(targetPath);
  await checkOutput(outputPath, [...allSourcePaths(given), ...(await inputFiles(targetPath))], options.force);
  if (media.kind !== 'image' && media.kind !== 'video') {
    throw refuseKind(targetPath, 'a photo or a video', media.kind, media.format);
  }
  if (options.ranges.length > 0 && media.kind === 'image') {
    throw new AppError('OPTION_INVALID', 'Expected a video for --ranges, received a photo: it has one frame.', {
      hint: 'Give the settings of the range with the run itself.',
      details: { option: 'ranges' },
    });
  }
  if (sound && media.kind === 'image') {
    throw new AppError(
      'INPUT_UNSUPPORTED',
      `Expected a video for lip_syncer, but ${JSON.stringify(basename(targetPath))} is a photo: it has no time in which lips could move.`,
      { hint: `Make a video of it: ffmpeg -loop 1 -i ${JSON.stringify(targetPath)} -t 10 -r 25 still.mp4` },
    );
  }
  const executionProviders = [...(await chooseProviders(options))];
  return {
    options: { ...options, executionProviders },
    processors,
    installed,
    added,
    ...(sound ? { sound } : {}),
    media,
  };
}

/** Files of a run that its output must not replace, those of the target aside. */
export const sourceFilesOf = ({ options, sound }: Pick<PreparedRun, 'options' | 'sound'>): readonly string[] => [
  ...allSourcePaths(options),
  ...(sound ? [sound.path] : []),
];

/** The processors that were asked for, in that order, and those that only a range names. @throws OPTION_INVALID */
export function findProcessors(
  options: ResolvedProcessOptions,
  registry: readonly ProcessorDefinition[],
): readonly ProcessorDefinition[] {
  return processorsOf(options).map((id) => {
    const definition = registry.find((candidate) => candidate.id === id);
    if (!definition) throw new AppError('OPTION_INVALID', `There is no processor ${id}.`);
    return definition;
  });
}

/** Endings that mean the same format, each to one name of `sniffMedia`. */
const SAME_FORMAT: Readonly<Record<string, string>> = { jpeg: 'jpg', tif: 'tiff', m4v: 'mp4', mpg: 'mpeg' };

/** Bytes that are copied unchanged cannot change their format. @throws OUTPUT_UNSUPPORTED */
function checkCopyable(format: string, outputPath: string): void {
  if (format === 'images') {
    throw new AppError('OUTPUT_UNSUPPORTED', 'An image sequence cannot be copied as one file.', {
      hint: 'Leave --on-no-face at fail.',
    });
  }
  const ending = extname(outputPath).slice(1).toLowerCase();
  const common = (name: string): string => SAME_FORMAT[name] ?? name;
  if (common(ending) === common(format)) return;
  throw new AppError(
    'OUTPUT_UNSUPPORTED',
    `Expected an output that ends in .${format} for --on-no-face copy, received .${ending}: a copy keeps its format.`,
    { hint: `Name the output *.${format}, or leave --on-no-face at fail.` },
  );
}

function refuseDoor(path: string, expected: 'image' | 'video', format: string): AppError {
  const [wanted, found, door] =
    expected === 'image' ? ['photo', 'video', 'processVideo'] : ['video', 'photo', 'processImage'];
  return new AppError(
    'INPUT_UNSUPPORTED',
    `Expected a ${wanted}, but ${JSON.stringify(basename(path))} is a ${found} (${format}).`,
    {
      hint: `Call ${door}, or processMedia for either kind.`,
    },
  );
}

/** Looks at a video and plans its output. @throws what is wrong with either */
export async function openVideoTarget(inputs: Pick<PreparedRun, 'options' | 'processors'>): Promise<VideoTarget> {
  const { options } = inputs;
  const { targetPath, outputPath, trimFrameStart: startFrame = 0, trimFrameEnd: endFrame } = options;
  const probed = await probeVideo(targetPath, { hdr: options.hdr, sequenceFps: options.targetSequenceFps });
  const output = await planVideoOutput(outputPath, {
    encoder: options.outputVideoEncoder,
    info: probed,
    bitDepth: probed.frameBitDepth,
    fps: options.outputVideoFps,
    scale: options.outputVideoScale,
    alpha: givesAlpha(inputs),
    audioEncoder: options.outputAudioEncoder,
  });
  // What the encoder cannot keep need not be decoded.
  const info: VideoInfo = { ...probed, frameBitDepth: output.bitDepth };
  if (probed.isHdr && options.hdr === 'keep' && output.bitDepth === 8) {
    throw new AppError(
      'OPTION_INVALID',
      `Expected an encoder with 10 bits for --hdr keep, received ${output.encoder}.`,
      {
        hint: 'Use --output-video-encoder libx265, or --hdr tonemap.',
        details: { option: 'hdr' },
      },
    );
  }
  const { frameCountEstimate, frameCountStated } = info;
  for (const name of ['trimFrameStart', 'referenceFrameNumber'] as const) {
    const frame = options[name] ?? 0;
    if (!frameCountStated || frame < frameCountEstimate) continue;
    throw new AppError('OPTION_INVALID', `Expected ${toFlag(name)} below ${frameCountEstimate}, received ${frame}.`, {
      hint: `${JSON.stringify(basename(targetPath))} has ${frameCountEstimate} frames, counted from 0.`,
      details: { option: name },
    });
  }
  return { kind: 'video', info, output, startFrame, endFrame };
}
