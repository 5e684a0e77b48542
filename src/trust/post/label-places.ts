/** Where the visible labels of this product are in a picture or video. */
import type { Region } from '../../core/image.ts';
import { probeVideo } from '../../media/probe.ts';
import { readImage } from '../../media/read-image.ts';
import { readVideoFrame } from '../../media/video-reader.ts';
import { lumaOfPhoto } from '../guard/invisible-mark.ts';
import { showsLabel } from '../labels/find-label.ts';
import { type LabelMarket, makeLabel } from '../labels/visible-label.ts';

/** Every label that a policy can ask for. */
const VARIANTS: readonly (readonly LabelMarket[])[] = [['cn'], ['eu'], ['cn', 'eu'], ['eu', 'cn']];
/** A label is found also where it lies a little beside its place. */
const AROUND_PIXELS = 4;

interface Luma {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** Whether a photo, or the middle of a video, shows these labels. */
export async function fileShowsLabel(
  path: string,
  kind: 'image' | 'video',
  markets: readonly LabelMarket[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const luma = await lumaOf(path, kind, signal);
  return showsLabel(markets, luma.data, luma);
}

/** The label that a photo, or the middle of a video, shows: where it is, whatever policy had asked for it. */
export async function findLabelPlace(
  path: string,
  kind: 'image' | 'video',
  signal: AbortSignal | undefined,
): Promise<Region | undefined> {
  const luma = await lumaOf(path, kind, signal);
  const markets = VARIANTS.find((variant) => showsLabel(variant, luma.data, luma));
  return markets && labelPlace(markets, luma.width, luma.height);
}

/** Where a label is drawn. */
export function labelPlace(markets: readonly LabelMarket[], pictureWidth: number, pictureHeight: number): Region {
  const { x, y, width, height } = makeLabel(markets, pictureWidth, pictureHeight);
  return {
    ...{ x0: x - AROUND_PIXELS, y0: y - AROUND_PIXELS },
    ...{ x1: x + width + AROUND_PIXELS, y1: y + height + AROUND_PIXELS },
  };
}

/** A label is on every picture of a video or on none: the middle one tells. */
async function lumaOf(path: string, kind: 'image' | 'video', signal: AbortSignal | undefined): Promise<Luma> {
  if (kind === 'image') {
    const { image } = await readImage(path);
    return { data: lumaOfPhoto(image), width: image.width, height: image.height };
  }
  const info = await probeVideo(path);
  const { data, width, height } = await readVideoFrame(path, info, Math.floor(info.frameCountEstimate / 2), signal);
  return { data: data.subarray(0, width * height), width, height };
}
