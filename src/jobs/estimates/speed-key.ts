/** Which runs are alike in what a frame of them costs. */
import { createHash } from 'node:crypto';
import type { ResolvedProcessOptions } from '../../core/options.ts';

/** Options that decide about time, beside those that name a model. Others change what is drawn, not how long it takes. */
const DECIDING = [
  'processors',
  'faceSwapperPixelBoost',
  'frameColorizerSize',
  'expressionRestorerAreas',
  'faceSelectorMode',
  'faceDetectorSize',
  'faceDetectorAngles',
  'faceTrackerInterval',
  'faceMaskTypes',
  'faceMaskQuality',
  'outputImageScale',
  'outputVideoEncoder',
  'outputVideoPreset',
  'outputVideoQuality',
  'outputVideoScale',
  'outputVideoFps',
  'hdr',
  'executionProviders',
  'executionThreadCount',
  'lite',
  'systemMemoryLimit',
] as const satisfies readonly (keyof ResolvedProcessOptions)[];

const NAMES_MODELS = /Models?$/;

/**
 * @param mapsPeople whether persons of the target are told apart first
 * @returns letters and digits; the same for runs that are alike
 */
export function speedKey(options: ResolvedProcessOptions, kind: 'image' | 'video', mapsPeople: boolean): string {
  const models = Object.keys(options).filter((name) => NAMES_MODELS.test(name));
  const deciding = [...new Set<string>([...DECIDING, ...models])]
    .sort()
    .map((name) => [name, Reflect.get(options, name)]);
  return createHash('sha256')
    .update(JSON.stringify([kind, mapsPeople, deciding]))
    .digest('hex')
    .slice(0, 32);
}
