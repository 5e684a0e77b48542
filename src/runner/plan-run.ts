/** What a run would do, for `--dry-run`: nothing is written, no model is loaded. */
import type { ResolvedProcessOptions } from '../core/options.ts';
import { analysisNeededFor } from '../engine/faces/select.ts';
import { defaultModelDirectory } from '../engine/inference/session.ts';
import { readManifest } from '../engine/models/manifest.ts';
import { PROCESSORS } from '../engine/processors/registry.ts';
import { parsePersonMap } from './people/parse-map.ts';
import { prepareRun, type Target } from './prepare-run.ts';
import type { UsedModel } from './process-result.ts';
import type { RunContext } from './run-context.ts';

export interface RunPlan {
  readonly options: ResolvedProcessOptions;
  readonly kind: 'image' | 'video';
  readonly target: PlannedTarget;
  readonly output: PlannedOutput;
  /** Models that find, follow and choose faces; a processor may load more. */
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
  const { options, target } = await prepareRun(input, PROCESSORS);
  const manifest = await readManifest(context.modelDirectory ?? defaultModelDirectory());
  const needed = modelsFor(options);
  const models = manifest.models
    .filter(({ id }) => needed.includes(id))
    .map(({ id, sha256, licence }) => ({ id, sha256, licence: licence.spdx, commercialUse: true, unverified: false }));
  return {
    options,
    kind: target.kind,
    target: describeTarget(options.targetPath, target),
    output: describeOutput(options.outputPath, target),
    models,
    steps: describeSteps(options, target),
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

function describeSteps(options: ResolvedProcessOptions, target: Target): string[] {
  const { map, sourcePaths, faceSelectorMode, faceSelectorOrder, referenceFacePosition, referenceFrameNumber } =
    options;
  const photos = sourcePaths.length === 1 ? '1 source photo' : `${sourcePaths.length} source photos`;
  const where = target.kind === 'image' ? 'the target' : `frame ${referenceFrameNumber} of the target`;
  const selection = {
    many: 'Work on every face that passes the filters.',
    one: `Work on one person: the first face in the order ${faceSelectorOrder}.`,
    reference: `Work on whoever is face ${referenceFacePosition} (${faceSelectorOrder}) of ${where}.`,
  }[faceSelectorMode];
  const steps = map.length > 0 ? describeMap(options, target) : [`Read the face from ${photos}.`, selection];
  const audio =
    target.kind === 'video' && target.info.audioStreams.length > 0 && options.outputAudioVolume > 0
      ? [
          options.outputAudioVolume === 100
            ? 'Take over the audio.'
            : `Take over the audio at ${options.outputAudioVolume} %.`,
        ]
      : [];
  return [
    ...steps,
    `Run ${options.processors.join(', then ')}${target.kind === 'video' ? ' on every frame' : ''}.`,
    ...audio,
    options.onNoFace === 'copy'
      ? 'Copy the target if there is no such face.'
      : 'End with TARGET_NO_FACE if there is no such face.',
  ];
}

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
