/** Every picture of every output carries the invisible mark of this installation and the job. */
import type { I420Frame, RgbImage } from '../../core/image.ts';
import { isI420 } from '../../engine/frames/picture.ts';
import { createWatermarkEmbedder, type WatermarkEmbedder } from '../../engine/watermark/embed-watermark.ts';
import type { TrustStep } from '../trust-step.ts';
import type { RunGuard } from './run-guard.ts';

const EMBEDDERS = new WeakMap<RunGuard, WatermarkEmbedder>();

export const invisibleMark: TrustStep = {
  id: 'invisible-mark',
  stage: 'mark',
  afterEachFrame(picture, _place, { guard }) {
    let embedder = EMBEDDERS.get(guard);
    if (!embedder) {
      const { watermarkSecret: secret, payload, installed } = guard;
      const { strength } = installed.policy.watermark;
      EMBEDDERS.set(guard, (embedder = createWatermarkEmbedder({ secret, payload, strength })));
    }
    if (isI420(picture)) markFrame(picture, embedder);
    else markPhoto(picture, embedder);
  },
};

/** Of a frame with 10 bits both pictures are marked: the one that is encoded and the one that others look at. In place. */
export function markFrame({ data, deep, width, height }: I420Frame, embedder: WatermarkEmbedder): void {
  const count = width * height;
  if (deep) embedder.embed(deep.subarray(0, count), { width, height });
  else embedder.embed(data.subarray(0, count), { width, height });
}

/** What the mark adds to luma is added to red, green and blue alike, which is the same. */
export function markPhoto({ data, width, height }: RgbImage, embedder: WatermarkEmbedder): void {
  const count = width * height;
  const luma = lumaOfPhoto({ data, width, height });
  const before = luma.slice();
  embedder.embed(luma, { width, height });
  for (let at = 0, p = 0; at < count; at++, p += 3) {
    const change = luma[at]! - before[at]!;
    if (change === 0) continue;
    for (let channel = p; channel < p + 3; channel++) {
      data[channel] = Math.min(255, Math.max(0, data[channel]! + change));
    }
  }
}

/** What a mark is added to and read from: BT.601 luma, rounded. Owned by the caller. */
export function lumaOfPhoto({ data, width, height }: RgbImage): Uint8Array {
  const luma = new Uint8Array(width * height);
  for (let at = 0, p = 0; at < luma.length; at++, p += 3) {
    luma[at] = Math.round(0.299 * data[p]! + 0.587 * data[p + 1]! + 0.114 * data[p + 2]!);
  }
  return luma;
}
