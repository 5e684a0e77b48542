/** The target that is open, as facts: how many frames, how fast, which part of it is worked on. */
import { batch, computed, effect, signal, untracked } from '@preact/signals';
import type { ApiError } from './api.ts';
import { type Asset, assets, loadAsset } from './assets.ts';
import { project } from './document.ts';
import { findPeople, people } from './people.ts';
import { frame } from './preview.ts';

/** Of one that the project names and the service does not have, there is nothing to ask for. */
const targetId = computed(() => {
  const { target, missing } = project.value.value;
  return missing.some(({ asset }) => asset === target) ? undefined : target;
});

/** Undefined where there is none, or its facts have not come. */
export const target = computed<Asset | undefined>(() =>
  targetId.value === undefined ? undefined : assets.value.get(targetId.value),
);
/** Why its facts cannot be had: it has expired. */
export const targetError = signal<ApiError | undefined>(undefined);
export const isVideo = computed(() => target.value?.media.kind === 'video');
export const fps = computed(() => target.value?.media.fps ?? 25);

/** As counted where the people were looked for, else as the header says. 1 for a photo. */
export const frameCount = computed(() => {
  const found = people.value;
  if (!isVideo.value) return 1;
  if (found.state === 'there' && found.value.kind === 'video') return found.value.frames;
  const { frames, durationSeconds = 0 } = target.value?.media ?? {};
  return Math.max(1, frames ?? Math.round(durationSeconds * fps.value));
});

/** `[start, end)`: what is worked on. */
export const range = computed(() => {
  const { start = 0, end = frameCount.value } = project.value.value.range ?? {};
  return { start: Math.min(start, frameCount.value - 1), end: Math.min(end, frameCount.value) };
});

/** Goes to a frame that there is. */
export function seek(to: number): void {
  frame.value = Math.min(frameCount.value - 1, Math.max(0, Math.round(to)));
}

function openTarget(id: string | undefined): void {
  batch(() => {
    frame.value = 0;
    targetError.value = undefined;
  });
  if (id !== undefined) {
    loadAsset(id).catch((error: ApiError) => {
      if (targetId.peek() === id) targetError.value = error;
    });
  }
  void findPeople(id);
}

/** Follows the project's target: its facts, its people, and its first frame. @returns ends it */
export const followTarget = (): (() => void) =>
  effect(() => {
    const id = targetId.value;
    // Only another target counts: a photo that is added meanwhile must not lead back to the first frame.
    untracked(() => openTarget(id));
  });
