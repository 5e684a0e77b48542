/** Which runs are alike in what a frame of them costs. */
import { createHash } from 'node:crypto';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import { rangeRuns } from '../../core/ranges.ts';

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

/** Of ranges counts the share of the frames that they have, in tenths. */
const SHARES = 10;

/**
 * @param mapsPeople whether persons of the target are told apart first
 * @param frames that are made
 * @returns letters and digits; the same for runs that are alike
 */
export function speedKey(
  options: ResolvedProcessOptions,
  kind: 'image' | 'video',
  mapsPeople: boolean,
  frames: number,
): string {
  const ranges = rangeRuns(options).map(({ start, end, options: own }) => [
    Math.round((SHARES * (end - start)) / frames),
    decidingOf(own),
  ]);
  const facts = [kind, mapsPeople, decidingOf(options), ...(ranges.length > 0 ? [ranges] : [])];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

function decidingOf(options: ResolvedProcessOptions): unknown {
  const models = Object.keys(options).filter((name) => NAMES_MODELS.test(name));
  return [...new Set<string>([...DECIDING, ...models])].sort().map((name) => [name, Reflect.get(options, name)]);
}
