/** The processed frame on the stage: it says which frame it is of, newer requests take the place of older ones. */
import { computed, effect, signal } from '@preact/signals';
import type { ApiError } from './api.ts';
import { project } from './document.ts';
import { type MadePicture, makePicture, runAt } from './make-picture.ts';
import { createPictureShelf } from './picture-shelf.ts';
import { rangeAt } from './range-settings.ts';
import { lackOf } from './request.ts';

/** A processed frame. */
export interface PreviewPicture extends MadePicture {
  /** A draft was made with the fast preset; the full one follows. */
  readonly isDraft: boolean;
  /** Names what it was made of: the same again is not made again. */
  readonly key: string;
}

/** Frame of the target that is looked at, from 0. */
export const frame = signal(0);
/** Off: only what the user asks for is made. */
export const previewsOn = signal(true);
export const preview = signal<PreviewPicture | undefined>(undefined);
export const previewError = signal<ApiError | undefined>(undefined);
export const isPreviewing = signal(false);
/** True while the original is played: nothing is made then. */
export const isPlaying = signal(false);
/** What the last full picture took; undefined before there was one. */
export const fullSeconds = signal<number | undefined>(undefined);

/** What is wanted now, as text; undefined where something is missing. */
export const wantedKey = computed(() => {
  const document = project.value.value;
  if (lackOf(document) !== undefined || rangeAt(document, frame.value)?.off) return undefined;
  return JSON.stringify([runAt(document, frame.value), frame.value]);
});
/** True where the frame is in a range that is off: it stays as it is. */
export const isOffHere = computed(() => rangeAt(project.value.value, frame.value)?.off === true);

/** Whether what is shown is what is wanted. */
export const isCurrent = computed(() => preview.value?.key === wantedKey.value && preview.value?.isDraft === false);

/** Decoded: 17 frames of 1280x720, 7 of 1920x1080. */
const KEPT_BYTES = 64e6;
const kept = createPictureShelf<PreviewPicture>(KEPT_BYTES);

/** So that a slider or a playhead that moves does not ask for every step. */
const SETTLE_MS = 120;

let controller: AbortController | undefined;
let timer = 0;

/** Makes what is wanted, at once where it is kept. @param isAsked also while previews are off */
export function refresh(isAsked = false): void {
  const key = wantedKey.value;
  controller?.abort();
  clearTimeout(timer);
  isPreviewing.value = false;
  if (key === undefined) {
    preview.value = undefined;
    previewError.value = undefined;
    return;
  }
  const known = kept.get(key);
  if (known) {
    preview.value = known;
    previewError.value = undefined;
    return;
  }
  if ((!previewsOn.value && !isAsked) || isPlaying.value) return;
  timer = window.setTimeout(() => void make(key), SETTLE_MS);
}

async function make(key: string): Promise<void> {
  const own = new AbortController();
  controller = own;
  isPreviewing.value = true;
  previewError.value = undefined;
  try {
    const document = project.value.value;
    const isFast = document.preset === 'fast';
    // What takes long is shown as a draft first.
    const passes = isFast ? [document] : [{ ...document, preset: 'fast' }, document];
    for (const [at, pass] of passes.entries()) {
      const made = await makePicture(pass, frame.value, own.signal);
      if (own.signal.aborted) return;
      const picture = { ...made, isDraft: at < passes.length - 1, key };
      if (!picture.isDraft) {
        fullSeconds.value = made.seconds;
        kept.keep(key, picture);
      }
      preview.value = picture;
    }
  } catch (error) {
    if (!own.signal.aborted) previewError.value = error as ApiError;
  } finally {
    if (controller === own) isPreviewing.value = false;
  }
}

/** Follows the project and the playhead. @returns ends it */
export const followPreviews = (): (() => void) =>
  effect(() => {
    void wantedKey.value;
    void previewsOn.value;
    void isPlaying.value;
    refresh();
  });
