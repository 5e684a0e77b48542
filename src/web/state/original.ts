/** The frame of the target as it is. What is shown is told with the number of the frame that its pixels are of. */
import { computed, effect, signal } from '@preact/signals';
import { fetchBlob } from './api.ts';
import { frameUrl } from './assets.ts';
import { decodePicture } from './decode-picture.ts';
import { widthFor } from './geometry.ts';
import { createPictureShelf } from './picture-shelf.ts';
import { frame, isPlaying } from './preview.ts';
import { target } from './target.ts';
import { currentScale, pictureSize } from './zoom.ts';

export interface FramePicture {
  readonly asset: string;
  readonly frame: number;
  readonly width: number;
  /** Decoded. */
  readonly canvas: HTMLCanvasElement;
}

/** What can be shown now: the last one that has come. */
export const original = signal<FramePicture | undefined>(undefined);
export const originalError = signal<unknown>(undefined);

type Wanted = Omit<FramePicture, 'canvas'>;
const wanted = computed<Wanted | undefined>(() => {
  if (!target.value) return undefined;
  const shown = pictureSize.value.width * currentScale.value * devicePixelRatio;
  return { asset: target.value.id, frame: frame.value, width: widthFor(shown, pictureSize.value.width) };
});
/** Whether the pixels are those of the frame that is looked at. */
export const isOriginalCurrent = computed(
  () => original.value?.asset === target.value?.id && original.value?.frame === frame.value,
);

/** Decoded: 17 frames of 1280x720. They are fetched no larger than the stage shows them. */
const KEPT_BYTES = 64e6;
const kept = createPictureShelf<{ readonly canvas: HTMLCanvasElement }>(KEPT_BYTES);
const keyOf = ({ asset, frame: at, width }: Wanted): string => `${asset} ${at} ${width}`;

async function load(one: Wanted): Promise<HTMLCanvasElement> {
  const key = keyOf(one);
  const known = kept.get(key);
  if (known) return known.canvas;
  const canvas = await decodePicture(await fetchBlob(frameUrl(one.asset, one.frame, one.width)));
  kept.keep(key, { canvas });
  return canvas;
}

let isLoading = false;

/** One at a time: while one comes, only the newest wish is remembered, so that scrubbing shows frames on the way. */
async function loadWanted(): Promise<void> {
  if (isLoading) return;
  isLoading = true;
  for (let one = wanted.peek(); one; ) {
    const key = keyOf(one);
    try {
      const canvas = await load(one);
      if (one.asset === wanted.peek()?.asset) original.value = { ...one, canvas };
      originalError.value = undefined;
    } catch (error) {
      if (key === keyOf(wanted.peek() ?? one)) originalError.value = error;
    }
    const next: Wanted | undefined = wanted.peek();
    one = next && keyOf(next) !== key ? next : undefined;
  }
  isLoading = false;
}

/** The video element shows the frames while it plays. */
export const isVideoShown = signal(false);

/** Follows the playhead. @returns ends it */
export const followOriginal = (): (() => void) =>
  effect(() => {
    if (wanted.value === undefined) {
      original.value = undefined;
      return;
    }
    if (isPlaying.value && isVideoShown.value) return;
    void loadWanted();
  });
