/** What there is to choose from, as the service tells it: options of a run, presets, models. */
import { computed, signal } from '@preact/signals';
import { api, ask, type Schemas } from './api.ts';
import { project } from './document.ts';
import { type OptionSpec, readOptions } from './option-spec.ts';
import { ownPresets } from './own-presets.ts';

export type ProcessorId = Schemas['Processors']['processors'][number]['id'];

export interface Preset {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** `own`: kept by this browser; the others are known to the service by name. */
  readonly origin: 'built-in' | 'imported' | 'own';
  /** Why it cannot be used now. */
  readonly problem?: string | undefined;
}

/** Every processor, in the order in which they run on a frame, whatever the order in which they were switched on. */
export const PROCESSOR_IDS: readonly ProcessorId[] = [
  ...([
    'background_remover',
    'frame_colorizer',
    'deep_swapper',
    'face_swapper',
    'age_modifier',
    'face_editor',
  ] as const),
  ...(['expression_restorer', 'lip_syncer', 'face_enhancer', 'frame_enhancer', 'stylizer', 'face_debugger'] as const),
];

/** They change the size of frames, or what of them is transparent: no range has them of its own. */
export const WHOLE_VIDEO: readonly ProcessorId[] = ['frame_enhancer', 'background_remover'];

/** Shown until the service has told what they hold. */
const FIRST = ['fast', 'balanced', 'premium'].map((name): Preset => ({ name, options: {}, origin: 'built-in' }));

const known = signal<readonly Preset[]>(FIRST);
export const presets = computed<readonly Preset[]>(() => [
  ...known.value,
  ...ownPresets.value.map((preset): Preset => ({ ...preset, origin: 'own' })),
]);

/** Every option that a run takes, in the order of its group. */
export const optionSpecs = signal<readonly OptionSpec[]>([]);
/** `commercial`: the policy of this installation locks all other models. */
export const licensePolicy = signal<Schemas['Models']['licensePolicy']>('any');
export const models = signal<Schemas['Models']['models']>([]);

/** @throws ApiError */
export async function loadCatalogue(): Promise<void> {
  const [presetList, processors, modelList] = await Promise.all([
    ask(api().GET('/v1/presets')),
    ask(api().GET('/v1/processors')),
    ask(api().GET('/v1/models')),
  ]);
  known.value = presetList.presets.map(({ name, origin, options = {}, problem }) => ({
    ...{ name, origin, options, problem },
  }));
  optionSpecs.value = readOptions(processors);
  models.value = modelList.models;
  licensePolicy.value = modelList.licensePolicy;
}

/** The preset that the project names. */
export const currentPreset = computed<Preset>(() => {
  const { preset } = project.value.value;
  return presets.value.find(({ name }) => name === preset) ?? { name: preset, options: {}, origin: 'imported' };
});
