/** What a run would do, for `--dry-run`: nothing is written, no model is loaded. */
import { basename } from 'node:path';
import { type ResolvedProcessOptions, toFlag } from '../core/options.ts';
import { inOrder } from '../core/ranges.ts';
import { analysisNeededFor } from '../engine/faces/select.ts';
import { defaultModelDirectory } from '../engine/inference/session.ts';
import { readManifest } from '../engine/models/manifest.ts';
import { PROCESSORS } from '../engine/processors/registry.ts';
import { addedModels } from './added-models.ts';
import { parsePersonMap } from './people/parse-map.ts';
import { looksForFaces, type PreparedRun, prepareRun, type Target, worksWithoutFaces } from './prepare-run.ts';
import type { UsedModel } from './process-result.ts';
import type { RunContext } from './run-context.ts';

export interface RunPlan {
  readonly options: ResolvedProcessOptions;
  readonly kind: 'image' | 'video';
  readonly target: PlannedTarget;
  readonly output: PlannedOutput;
  /** Models that find, follow and choose faces, and those of the user's that will be used; a processor may load more. */
  readonly models: readonly UsedModel[];
  /** What will happen, in order, as sentences. */
  readonly steps: readonly string[];
}

export interface PlannedTarget {
  readonly path: string;
  readonly format: string;
  /** Known for videos: a photo is not decoded for a plan. */
  readonly width?: number;
  readonly height?: number;
  readonly framesPerSecond?: number;
  /** Frames that will be worked through, by the video's header. */
  readonly frames?: number;
}

export interface PlannedOutput {
  readonly path: string;
  readonly format: string;
  readonly encoder?: string;
  /** What will differ from the target or from what was asked for. */
  readonly notes: readonly string[];
}

/**
 * Makes every check of a run that costs little, and says what would follow.
 * @throws what `process` throws before it loads a model, and MODEL_NOT_FOUND where there is no model manifest
 */
export async function planRun(input: unknown, context: Pick<RunContext, 'modelDirectory'> = {}): Promise<RunPlan> {
  const prepared = await prepareRun(input, PROCESSORS);
  const { options, target } = prepared;
  const manifest = await readManifest(context.modelDirectory ?? defaultModelDirectory());
  const needed = looksForFaces(prepared) ? modelsFor(options) : [];
  const models = manifest.models
    .filter(({ id }) => needed.includes(id))
    .map(({ id, sha256, licence }) => ({ id, sha256, licence: licence.spdx, commercialUse: true, unverified: false }));
  return {
    options,
    kind: target.kind,
    target: describeTarget(options.targetPath, target),
    output: describeOutput(options.outputPath, target),
    models: [...models, ...addedModels(prepared.added)],
    steps: describeSteps(prepared),
  };
}

function modelsFor(options: ResolvedProcessOptions): readonly string[] {
  const { classification } = analysisNeededFor(options);
  return [
    'face_detection_full_range',
    'face_mesh_attention',
    ...(options.map.length === 0 && options.faceSelectorMode === 'many' ? [] : ['face_recognition']),
    ...(classification || options.map.length > 0 ? ['age_gender'] : []),
  ];
}

function describeTarget(path: string, target: Target): PlannedTarget {
  if (target.kind === 'image') return { path, format: target.format };
  const { info, startFrame, endFrame = info.frameCountEstimate } = target;
  return {
    path,
    format: info.container,
    width: info.width,
    height: info.height,
    framesPerSecond: info.fps,
    frames: Math.max(0, Math.min(endFrame, info.frameCountEstimate) - startFrame),
  };
}

function describeOutput(path: string, target: Target): PlannedOutput {
  if (target.kind === 'image') return { path, format: target.outputFormat, notes: [] };
  const { info, output } = target;
  return { path, format: output.container, encoder: output.encoder, notes: [...info.notes, ...output.notes] };
}

function describeSteps(prepared: PreparedRun): string[] {
  const { options, target, processors } = prepared;
  const { map, sourcePaths, faceSelectorMode, faceSelectorOrder, referenceFacePosition, referenceFrameNumber } =
    options;
  const photos = sourcePaths.length === 1 ? '1 source photo' : `${sourcePaths.length} source photos`;
  const where = target.kind === 'image' ? 'the target' : `frame ${referenceFrameNumber} of the target`;
  const selection = {
    many: 'Work on every face that passes the filters.',
    one: `Work on one person: the first face in the order ${faceSelectorOrder}.`,
    reference: `Work on whoever is face ${referenceFacePosition} (${faceSelectorOrder}) of ${where}.`,
  }[faceSelectorMode];
  const reading = processors.some(({ needsSource }) => needsSource) ? [`Read the face from ${photos}.`] : [];
  const choosing = looksForFaces(prepared) ? [selection] : [];
  const steps = map.length > 0 ? describeMap(options, target) : [...reading, ...choosing];
  return [
    ...steps,
    `Run ${options.processors.join(', then ')}${target.kind === 'video' ? ' on every frame' : ''}.`,
    ...describeRanges(options),
    ...describeSound(prepared),
    ...(worksWithoutFaces(prepared) ? [] : [NO_FACE[options.onNoFace]]),
  ];
}

function describeRanges({ ranges }: ResolvedProcessOptions): string[] {
  return inOrder(ranges).map(({ start, end, off, processors, options = {}, map = [] }) => {
    const own = [
      ...(processors ? [`run ${processors.join(', then ')}`] : []),
      ...Object.entries(options).map(([name, value]) => `${toFlag(name)} ${[value].flat().join(' ')}`),
      ...map,
    ];
    return `In frames ${start}..${end - 1}, ${off ? 'leave everything as it is' : own.join(', ') || 'change nothing'}.`;
  });
}

function describeSound({ options, target, sound }: PreparedRun): string[] {
  const { outputAudioVolume: volume } = options;
  const hasSound = sound !== undefined || (target.kind === 'video' && target.info.audioStreams.length > 0);
  if (!hasSound || volume === 0) return [];
  const loudness = volume === 100 ? '' : ` at ${volume} %`;
  return sound === undefined
    ? [`Take over the audio${loudness}.`]
    : [`Move the lips to the sound of ${basename(sound.path)}, which takes the place of the target's${loudness}.`];
}

const NO_FACE = {
  copy: 'Copy the target if there is no such face.',
  fail: 'End with TARGET_NO_FACE if there is no such face.',
} as const;

function describeMap(options: ResolvedProcessOptions, { kind }: Target): string[] {
  const count = (photos: number): string => (photos === 1 ? '1 source photo' : `${photos} source photos`);
  const persons = parsePersonMap(options.map).map(({ person, sourcePaths }) =>
    sourcePaths.length === 0 ? `Keep ${person}.` : `Give ${person} the face from ${count(sourcePaths.length)}.`,
  );
  const others = options.sourcePaths.length;
  return [
    kind === 'image' ? 'Number the faces from left to right.' : 'Watch the whole video and find out who is who.',
    ...persons,
    others === 0 ? 'Keep everybody else.' : `Give everybody else the face from ${count(others)}.`,
  ];
}
