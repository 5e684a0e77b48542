/** The files of LivePortrait, opened, and what each of them does with a crop of 512 pixels. */
import type { RgbImage } from '../../core/image.ts';
import { cutToBytes } from '../frames/cut-to-bytes.ts';
import { resizeArea } from '../frames/resize-image.ts';
import { fromTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelSession, ModelStore, Tensor } from '../inference/session.ts';
import type { LivePortraitFacts, PortraitPart } from '../models/catalogue/live-portrait.ts';
import { type Motion, pointsTensor, readMotion } from './motion.ts';

/** The set of all published files. */
export const LIVE_PORTRAIT_SET = 'live_portrait';
/** Edge of the crop, and of what the generator makes. */
export const PORTRAIT_SIZE = 512;
/** Edge of the picture that the extractors see. */
const EXTRACTOR_SIZE = 256;

export type PortraitSessions<P extends PortraitPart> = Readonly<Record<P, ModelSession>>;

/**
 * Opens parts; sessions belong to the store.
 * @param model the set, or the id of one part which takes the place of the published one
 * @throws what `ModelStore.session` throws
 */
export async function openPortrait<P extends PortraitPart>(
  store: ModelStore,
  model: string,
  parts: readonly P[],
): Promise<PortraitSessions<P>> {
  const own =
    model === LIVE_PORTRAIT_SET ? undefined : ((await store.userModel(model)).model.facts as LivePortraitFacts).part;
  const opened: [P, ModelSession][] = [];
  for (const part of parts) opened.push([part, await store.session(part === own ? model : `live_portrait_${part}`)]);
  return Object.fromEntries(opened) as Record<P, ModelSession>;
}

/** The picture as the extractors want it. Owned by the caller. */
const small = (crop: RgbImage): Tensor => toTensor(resizeArea(crop, EXTRACTOR_SIZE, EXTRACTOR_SIZE));

const firstOf = async (session: ModelSession, inputs: Readonly<Record<string, Tensor>>): Promise<Tensor> =>
  (await session.run(inputs))[session.outputs[0]!.name]!;

/** What a face looks like, apart from its motion. */
export const extractFeatures = (
  { feature_extractor }: PortraitSessions<'feature_extractor'>,
  crop: RgbImage,
): Promise<Tensor> => firstOf(feature_extractor, { input: small(crop) });

/** @returns undefined where the model's numbers are none */
export async function extractMotion(
  { motion_extractor: session }: PortraitSessions<'motion_extractor'>,
  crop: RgbImage,
): Promise<Motion | undefined> {
  const result = await session.run({ input: small(crop) });
  return readMotion(session.outputs.slice(0, 7).map(({ name }) => result[name]!));
}

/** `wanted` points, corrected so that the neck and shoulders stay where they are. */
export async function stitch(
  { stitcher }: PortraitSessions<'stitcher'>,
  wanted: Float32Array,
  now: Float32Array,
): Promise<Float32Array> {
  return (await firstOf(stitcher, { source: pointsTensor(wanted), target: pointsTensor(now) })).data;
}

/**
 * Draws the face with its points moved.
 * @param wanted 21 x (x, y, z), where the points shall be
 * @param now    where they are
 * @returns 512 x 512 pixels, or undefined where points or pixels are no numbers
 */
export async function generate(
  { generator }: PortraitSessions<'generator'>,
  features: Tensor,
  wanted: Float32Array,
  now: Float32Array,
): Promise<RgbImage | undefined> {
  if (wanted.length !== now.length || !wanted.every(Number.isFinite)) return undefined;
  const inputs = { feature_volume: features, source: pointsTensor(wanted), target: pointsTensor(now) };
  const made = fromTensor(await firstOf(generator, inputs));
  return made && cutToBytes(made);
}
