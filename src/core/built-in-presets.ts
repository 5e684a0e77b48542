/**
 * The values of the presets that are built in; `options.ts` says what each option means. All name the same options, and
 * those of `balanced` are the defaults, so that it can be named, shown and exported like any other.
 */
export const BUILT_IN_PRESETS = {
  fast: {
    faceDetectorSize: '192x192',
    faceTrackerInterval: 30,
    faceMaskQuality: 'fast',
    outputImageQuality: 75,
    outputVideoPreset: 'superfast',
    outputVideoQuality: 70,
  },
  balanced: {
    faceDetectorSize: '384x384',
    faceTrackerInterval: 15,
    faceMaskQuality: 'balanced',
    outputImageQuality: 80,
    outputVideoPreset: 'veryfast',
    outputVideoQuality: 80,
  },
  premium: {
    faceDetectorSize: '576x576',
    faceTrackerInterval: 5,
    faceMaskQuality: 'premium',
    outputImageQuality: 95,
    outputVideoPreset: 'slow',
    outputVideoQuality: 92,
  },
} as const;

/** The name of a preset that is built in. */
export type BuiltInPreset = keyof typeof BUILT_IN_PRESETS;

/** Tells the names of built-in presets from others. */
export const isBuiltInPreset = (name: string): name is BuiltInPreset => Object.hasOwn(BUILT_IN_PRESETS, name);
