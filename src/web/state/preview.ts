/** The processed frame on the stage: it says which frame it is of, newer requests take the place of older ones. */
import { computed, effect, signal } from '@preact/signals';
import { type ApiError, api, ask, pictureOf, type Schemas } from './api.ts';
import { loadAsset } from './assets.ts';
import { type ProjectDocument, project } from './document.ts';
import { documentAt, rangeAt } from './range-settings.ts';
import { lackOf, toRun } from './request.ts';

/** A processed frame. */
export interface PreviewPicture {
  readonly url: string;
  readonly frame: number;
  /** A draft was made with the fast preset; the full one follows. */
  readonly isDraft: boolean;
  readonly facts: Schemas['Preview'];
  /** What it took, answer and all. */
  readonly seconds: number;
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
  return JSON.stringify([toPreviewRun(document), frame.value]);
});
/** Any frame can be looked at, also those that are trimmed away; as its range has it. */
const toPreviewRun = (document: ProjectDocument): ReturnType<typeof toRun> =>
  toRun({ ...documentAt(document, frame.value), range: undefined });

/** True where the frame is in a range that is off: it stays as it is. */
export const isOffHere = computed(() => rangeAt(project.value.value, frame.value)?.off === true);

/** Whether what is shown is what is wanted. */
export const isCurrent = computed(() => preview.value?.key === wantedKey.value && preview.value?.isDraft === false);

/** Made frames that are kept: 200 of them are some 100 MB at most, since they are pictures of the service's. */
const KEPT = 60;
const kept = new Map<string, PreviewPicture>();

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
    const run = toPreviewRun(project.value.value);
    const frameNumber = frame.value;
    const asset = await loadAsset(run.target);
    const isFast = run.options?.preset === 'fast';
    // What takes long is shown as a draft first.
    const passes = isFast ? [run.options] : [{ ...run.options, preset: 'fast' }, run.options];
    for (const [at, options] of passes.entries()) {
      const began = performance.now();
      const facts = await askPreview(
        {
          ...run,
          options: options as NonNullable<typeof run.options>,
          ...(asset.media.kind === 'video' ? { frameNumber } : {}),
        },
        own.signal,
      );
      const url = await pictureOf(facts.pictureUrl, own.signal);
      if (own.signal.aborted) return;
      const seconds = (performance.now() - began) / 1000;
      const picture = { url, frame: frameNumber, isDraft: at < passes.length - 1, facts, seconds, key };
      if (!picture.isDraft) {
        fullSeconds.value = seconds;
        keep(picture);
      }
      preview.value = picture;
    }
  } catch (error) {
    if (!own.signal.aborted) previewError.value = error as ApiError;
  } finally {
    if (controller === own) isPreviewing.value = false;
  }
}

/** The answer is JSON, since nothing else is asked for: the document has a picture beside it. */
const askPreview = async (body: Schemas['PreviewRequest'], aborted: AbortSignal): Promise<Schemas['Preview']> =>
  (await ask(api().POST('/v1/preview', { body, signal: aborted }))) as Schemas['Preview'];

function keep(picture: PreviewPicture): void {
  kept.set(picture.key, picture);
  for (const [key, { url }] of kept) {
    if (kept.size <= KEPT) return;
    kept.delete(key);
    if (url.startsWith('blob:')) URL.revokeObjectURL(url);
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
