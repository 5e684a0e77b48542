/**
 * Every option of a run, once: names, ranges, defaults and meaning. Command-line flags, JSON Schema and the option
 * reference derive from this schema. Names and values follow FaceFusion, in camelCase here and kebab-case as flags.
 */
import { z } from 'zod';
import { BUILT_IN_PRESETS, isBuiltInPreset } from './built-in-presets.ts';
import { AppError } from './errors.ts';
import { EXECUTION_PROVIDER_CHOICES } from './execution-providers.ts';
import { describe, percent, ratio } from './option-meta.ts';
import { PROCESSOR_IDS, PROCESSOR_OPTIONS } from './processor-options/processor-options.ts';
import { closest } from './suggest.ts';

const paths = (): z.ZodArray<z.ZodString> => z.array(z.string().min(1));

export const FACE_SELECTOR_ORDERS = [
  'left-right',
  'right-left',
  'top-bottom',
  'bottom-top',
  'small-large',
  'large-small',
  'best-worst',
  'worst-best',
] as const;
export const FACE_MASK_REGIONS = [
  'skin',
  'left-eyebrow',
  'right-eyebrow',
  'left-eye',
  'right-eye',
  'glasses',
  'nose',
  'mouth',
  'upper-lip',
  'lower-lip',
] as const;
export type FaceMaskRegion = (typeof FACE_MASK_REGIONS)[number];
/** FaceFusion's list. The hardware ones are tried with one frame before a run. */
export const VIDEO_ENCODERS = [
  'libx264',
  'libx264rgb',
  'libx265',
  'libvpx-vp9',
  'h264_nvenc',
  'hevc_nvenc',
  'h264_amf',
  'hevc_amf',
  'h264_qsv',
  'hevc_qsv',
  'h264_videotoolbox',
  'hevc_videotoolbox',
  'rawvideo',
] as const;
export const AUDIO_ENCODERS = ['flac', 'aac', 'libmp3lame', 'libopus', 'libvorbis', 'pcm_s16le', 'pcm_s32le'] as const;
export const VIDEO_PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
  'slower',
  'veryslow',
] as const;

export const processOptionsSchema = z
  .object({
    sourcePaths: describe(
      paths().default([]),
      'Photos of the person whose face is put in; several of one person are fused. With lip_syncer also a sound, or a video for its sound.',
      {
        group: 'paths',
        aliases: ['-s', '--source'],
      },
    ),
    map: describe(
      z.array(z.string().min(3)).default([]),
      'Which person of a video gets which face: person1=alice.jpg, person2=bob1.jpg,bob2.jpg, person3=keep. `facefusion faces VIDEO --people` lists the persons; whoever is not named is kept, or gets the face of --source.',
      { group: 'paths', placeholder: 'person=photos' },
    ),
    targetPath: describe(
      z.string().min(1),
      'Photo, video or image sequence (frames/%05d.png) whose face is replaced.',
      {
        group: 'paths',
        aliases: ['-t', '--target'],
      },
    ),
    outputPath: describe(z.string().min(1), 'File to write. Its ending chooses the format.', {
      group: 'paths',
      aliases: ['-o', '--output'],
    }),
    processors: describe(
      z.array(z.enum(PROCESSOR_IDS)).min(1).default(['face_swapper']),
      'Processors, in the order in which they run on each frame.',
      { group: 'processors' },
    ),
    ...PROCESSOR_OPTIONS.face_swapper,
    ...PROCESSOR_OPTIONS.face_enhancer,
    ...PROCESSOR_OPTIONS.frame_enhancer,
    ...PROCESSOR_OPTIONS.face_editor,
    ...PROCESSOR_OPTIONS.expression_restorer,
    ...PROCESSOR_OPTIONS.age_modifier,
    ...PROCESSOR_OPTIONS.lip_syncer,
    ...PROCESSOR_OPTIONS.frame_colorizer,
    ...PROCESSOR_OPTIONS.background_remover,
    ...PROCESSOR_OPTIONS.deep_swapper,
    ...PROCESSOR_OPTIONS.stylizer,

    faceSelectorMode: describe(
      z.enum(['reference', 'one', 'many']).default('reference'),
      'Which faces of the target to work on: `many` all, `one` the first in order, `reference` those that look like the reference face.',
      { group: 'face selector' },
    ),
    faceSelectorOrder: describe(
      z.enum(FACE_SELECTOR_ORDERS).default('large-small'),
      'Order of the faces for `one` and for the reference face position.',
      { group: 'face selector' },
    ),
    faceSelectorGender: describe(z.enum(['female', 'male']).optional(), 'Work on faces of this gender only.', {
      group: 'face selector',
    }),
    faceSelectorAgeStart: describe(z.number().int().min(0).max(100).optional(), 'Youngest age to work on.', {
      group: 'face selector',
      unit: 'years',
    }),
    faceSelectorAgeEnd: describe(z.number().int().min(0).max(100).optional(), 'Oldest age to work on.', {
      group: 'face selector',
      unit: 'years',
    }),
    referenceFacePosition: describe(
      z.number().int().min(0).default(0),
      'Position of the reference face among the faces of the reference frame, counted from 0 in selector order.',
      { group: 'face selector' },
    ),
    referenceFrameNumber: describe(
      z.number().int().min(0).default(0),
      'Frame of the target that shows the reference face.',
      {
        group: 'face selector',
      },
    ),
    referenceFaceDistance: describe(
      ratio().default(0.3),
      'How unlike the reference a face may be: 0 nobody else, 1 everybody.',
      { group: 'face selector' },
    ),
    faceDetectorScore: describe(ratio().default(0.5), 'Lowest score at which a detection counts as a face.', {
      group: 'face selector',
    }),

    faceDetectorModel: describe(
      z.string().min(1).default('mediapipe'),
      'Model that finds faces. `mediapipe` is built in; `many` takes retinaface, scrfd and yolo_face together.',
      {
        group: 'face analysis',
        model: {
          task: 'face-detector',
          embedded: ['mediapipe'],
          sets: { many: ['retinaface', 'scrfd', 'yolo_face'] },
        },
      },
    ),
    faceDetectorAngles: describe(
      z.array(z.number().int().min(0).max(270).multipleOf(90)).min(1).optional(),
      'Turns at which faces are looked for. Default: upright, and the others where nobody stands upright.',
      { group: 'face analysis', unit: 'degrees' },
    ),
    faceDetectorMargin: describe(
      z.array(percent()).min(1).max(4).default([0]),
      'Border that is added around the picture before faces are looked for, at top, right, bottom and left; not for `mediapipe`.',
      { group: 'face analysis', unit: 'percent' },
    ),

    faceDetectorSize: describe(
      z.enum(['192x192', '384x384', '576x576']).default('384x384'),
      'Pixels at which a video frame is searched thoroughly now and then: larger finds smaller faces and takes longer.',
      { group: 'face tracker', unit: 'pixels' },
    ),
    faceTrackerInterval: describe(
      z.number().int().min(1).max(250).default(15),
      'Frames of a video between two searches for new faces; cuts and lost faces are searched at once.',
      { group: 'face tracker', unit: 'frames' },
    ),
    faceTrackerSmoothing: describe(
      ratio().default(1),
      'How far the tremble of landmarks is taken out of a video: 0 leaves them as they are found.',
      { group: 'face tracker' },
    ),

    faceMaskTypes: describe(
      z
        .array(z.enum(['box', 'occlusion', 'area', 'region']))
        .min(1)
        .default(['box', 'occlusion']),
      '`box` feathers the border of the face; `occlusion` keeps hair, hands and objects in front; `area` limits to face-mask-areas; `region` to face-mask-regions.',
      { group: 'face mask' },
    ),
    faceMaskAreas: describe(
      z
        .array(z.enum(['upper-face', 'lower-face', 'mouth']))
        .min(1)
        .default(['upper-face', 'lower-face', 'mouth']),
      'Areas of the face to work on, with face-mask-types area.',
      { group: 'face mask' },
    ),
    faceMaskRegions: describe(
      z
        .array(z.enum(FACE_MASK_REGIONS))
        .min(1)
        .default([...FACE_MASK_REGIONS]),
      'Parts of the face to work on, with face-mask-types region. `mesh` knows no glasses; left is the left of the picture there.',
      { group: 'face mask' },
    ),
    faceOccluderModel: describe(
      z.string().min(1).default('hands'),
      'Model that finds what is in front of a face. `hands` is built in; `many` takes the smallest mask of xseg_1, xseg_2 and xseg_3.',
      {
        group: 'face mask',
        model: { task: 'face-occluder', embedded: ['hands'], sets: { many: ['xseg_1', 'xseg_2', 'xseg_3'] } },
      },
    ),
    faceParserModel: describe(
      z.string().min(1).default('mesh'),
      'Model that tells the parts of a face. `mesh` is built in: it reads them off the dense mesh.',
      { group: 'face mask', model: { task: 'face-parser', embedded: ['mesh'] } },
    ),
    faceMaskBlur: describe(ratio().default(0.3), 'Width of the feather at the border, relative to the face.', {
      group: 'face mask',
    }),
    faceMaskPadding: describe(
      z.array(z.number().int().min(0).max(100)).min(1).max(4).default([0]),
      'Cut from the mask at top, right, bottom and left (CSS order).',
      { group: 'face mask', unit: 'percent' },
    ),

    faceMaskQuality: describe(
      z.enum(['fast', 'balanced', 'premium']).default('balanced'),
      'How often a video is searched for hands and objects before a face.',
      { group: 'face mask' },
    ),

    outputImageScale: describe(
      z.number().min(0.25).max(8).multipleOf(0.25).default(1),
      'Size of the output photo relative to the target.',
      { group: 'output' },
    ),
    outputImageQuality: describe(z.number().int().min(0).max(100).default(80), 'Quality of a lossy output photo.', {
      group: 'output',
    }),
    outputVideoEncoder: describe(z.enum(VIDEO_ENCODERS).default('libx264'), 'Video encoder.', { group: 'output' }),
    outputVideoPreset: describe(z.enum(VIDEO_PRESETS).default('veryfast'), 'Encoder preset: faster or smaller.', {
      group: 'output',
    }),
    outputVideoQuality: describe(z.number().int().min(0).max(100).default(80), 'Quality of the output video.', {
      group: 'output',
    }),
    outputVideoScale: describe(
      z.number().min(0.25).max(8).multipleOf(0.25).default(1),
      'Size of the output video relative to the target.',
      { group: 'output' },
    ),
    outputVideoFps: describe(
      z.number().min(1).max(240).optional(),
      "Frames a second of the output; frames are dropped or repeated in time, the sound stays. Default: the target's.",
      { group: 'output' },
    ),
    hdr: describe(
      z.enum(['tonemap', 'keep']).default('tonemap'),
      'HDR targets: `tonemap` gives standard range that looks right everywhere, `keep` stays HDR with 10 bits.',
      { group: 'output' },
    ),
    outputAudioEncoder: describe(
      z.enum(AUDIO_ENCODERS).optional(),
      'Audio encoder. Default: the sound is copied where the container takes it.',
      { group: 'output' },
    ),
    outputAudioQuality: describe(
      z.number().int().min(0).max(100).default(80),
      'Quality of sound that is encoded anew.',
      { group: 'output' },
    ),
    outputAudioVolume: describe(
      z.number().int().min(0).max(100).default(100),
      'Loudness of the audio; 0 drops it, 100 copies it unchanged.',
      {
        group: 'output',
        unit: 'percent',
      },
    ),
    trimFrameStart: describe(z.number().int().min(0).optional(), 'First frame to process.', { group: 'output' }),
    trimFrameEnd: describe(z.number().int().min(1).optional(), 'Frame before which to stop.', { group: 'output' }),
    targetSequenceFps: describe(
      z.number().min(1).max(240).default(25),
      'Frames a second of a target that is an image sequence.',
      { group: 'output' },
    ),
    videoChunkSize: describe(
      z.number().int().min(10).max(10_000).default(100),
      'A video is made in chunks of about so many frames, each kept when it is done; a crash costs at most one.',
      { group: 'output', unit: 'frames' },
    ),
    chunk: describe(
      z.number().int().min(0).optional(),
      'Make only this chunk of the video, counted from 0, and keep it for a later run that joins all.',
      { group: 'output' },
    ),
    resume: describe(
      z.boolean().default(false),
      'Go on with an interrupted run, or fail if there is none. Without it the same command goes on by itself.',
      { group: 'output' },
    ),
    onNoFace: describe(
      z.enum(['fail', 'copy']).default('fail'),
      'When no face of the target qualifies: end with TARGET_NO_FACE, or copy the target to the output.',
      { group: 'output' },
    ),
    force: describe(z.boolean().default(false), 'Overwrite the output if it exists.', { group: 'output' }),

    modelFolder: describe(
      z.string().min(1).optional(),
      'Folder of the models that you have added. Default: FACEFUSION_MODEL_FOLDER, or facefusion/models in your data folder.',
      { group: 'execution' },
    ),
    licensePolicy: describe(
      z.enum(['commercial', 'any']).default('commercial'),
      'Models to use: `commercial` those whose licence lets you sell what they make, `any` all; every output records the choice.',
      { group: 'execution' },
    ),
    executionProviders: describe(
      z.array(z.enum(EXECUTION_PROVIDER_CHOICES)).min(1).default(['cpu']),
      'Hardware to run models on, in order of preference; each must work here, and is tried first. `auto` takes the fastest that works. `facefusion doctor` lists what does.',
      { group: 'execution' },
    ),
    executionDeviceIds: describe(
      z.array(z.number().int().min(0).max(63)).min(1).default([0]),
      'Devices of a provider to run on, counted from 0; threads that work on faces take them in turn.',
      { group: 'execution' },
    ),
    preset: describe(
      z.string().min(1).optional(),
      'Values for many options at once: fast, balanced, premium, one of your own (`facefusion presets`) or a .json file. Options given beside it win.',
      { group: 'execution' },
    ),
    lite: describe(
      z.boolean().default(false),
      'Keep below 2 GB of memory, and below 4 GB of video memory: fewer threads, shorter look-ahead.',
      { group: 'execution' },
    ),
    systemMemoryLimit: describe(
      z.number().min(0).max(1024).default(0),
      'Memory that the run may use with all its processes; 0 sets no limit. Kept by a shorter look-ahead, or refused.',
      { group: 'execution', unit: 'gigabytes' },
    ),
    executionThreadCount: describe(
      z.number().int().min(1).max(32).optional(),
      'Threads that work on the frames of a video, and threads inside ONNX Runtime for a photo. Default: by the number of cores; 1 where there are two.',
      { group: 'execution' },
    ),
  })
  .strict();

/** What a caller writes: everything but the paths may be left out. */
export type ProcessOptions = z.input<typeof processOptionsSchema>;
/** What the code works with: every default filled in. */
export type ResolvedProcessOptions = Readonly<z.output<typeof processOptionsSchema>>;

/** The options' own names for flags: `sourcePaths` becomes `--source-paths`. */
export const toFlag = (name: string): string => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** Options with the values of a preset where they say nothing else; they name no preset any more. */
export function withPreset(given: object, preset: object): object {
  const named = Object.entries(given).filter(([name, value]) => name !== 'preset' && value !== undefined);
  return { ...preset, ...Object.fromEntries(named) };
}

/** The same for a preset that is built in. @throws OPTION_INVALID for one that would have to be read from a file */
function withBuiltInPreset(input: unknown): unknown {
  const name = (input as { readonly preset?: unknown } | null | undefined)?.preset;
  if (typeof name !== 'string' || name === '') return input;
  if (isBuiltInPreset(name)) return withPreset(input as object, BUILT_IN_PRESETS[name]);
  throw new AppError(
    'OPTION_INVALID',
    `Expected ${Object.keys(BUILT_IN_PRESETS).join(', ')} for --preset, received ${name}.`,
    {
      details: { option: 'preset' },
    },
  );
}

/**
 * Turns unknown input into resolved options. Of presets, those that are built in are known here.
 * @throws OPTION_INVALID, OPTION_MISSING or OPTION_UNKNOWN, naming the option and what it expected
 */
export function parseProcessOptions(given: unknown): ResolvedProcessOptions {
  const input = withBuiltInPreset(given);
  const result = processOptionsSchema.safeParse(input);
  if (result.success) {
    const options = result.data;
    const { faceSelectorAgeStart: start, faceSelectorAgeEnd: end, trimFrameStart, trimFrameEnd } = options;
    if (start !== undefined && end !== undefined && end < start) {
      throw new AppError('OPTION_INVALID', `Expected face-selector-age-end of at least ${start}, received ${end}.`);
    }
    if (trimFrameStart !== undefined && trimFrameEnd !== undefined && trimFrameEnd <= trimFrameStart) {
      throw new AppError(
        'OPTION_INVALID',
        `Expected trim-frame-end above ${trimFrameStart}, received ${trimFrameEnd}.`,
      );
    }
    return Object.freeze(options);
  }
  const issue = result.error.issues[0]!;
  if (issue.path.length === 0 && issue.code === 'invalid_type') {
    throw new AppError(
      'OPTION_MISSING',
      `Expected an object of options, received ${input === null ? 'null' : typeof input}.`,
    );
  }
  const name = String(issue.path[0] ?? '');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    throw new AppError('OPTION_UNKNOWN', `There is no option ${toFlag(key)}.`, {
      ...didYouMean(key, Object.keys(processOptionsSchema.shape)),
      details: { option: key },
    });
  }
  const missing = issue.code === 'invalid_type' && (input as Record<string, unknown>)?.[name] === undefined;
  if (missing) {
    throw new AppError('OPTION_MISSING', `Expected ${toFlag(name)}, received nothing.`, { details: { option: name } });
  }
  throw new AppError('OPTION_INVALID', `${toFlag(name)}: ${issue.message}.`, {
    ...(issue.code === 'invalid_value' ? didYouMean(valueAt(input, issue.path), issue.values.map(String)) : {}),
    details: { option: name },
  });
}

/** What lies at a path of the input. */
const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);

function didYouMean(typed: unknown, words: readonly string[]): { hint?: string } {
  const near = typeof typed === 'string' ? closest(typed, words) : undefined;
  return near === undefined ? {} : { hint: `Did you mean ${near}?` };
}
