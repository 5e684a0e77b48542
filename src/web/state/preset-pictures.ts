/** The frame on the stage as each preset makes it, side by side: made only while they are looked at. */
import { computed, effect, signal } from '@preact/signals';
import type { ApiError } from './api.ts';
import { presets } from './catalogue.ts';
import { project } from './document.ts';
import { type MadePicture, makePicture } from './make-picture.ts';
import { frame, isPlaying } from './preview.ts';
import { viewMode } from './stage.ts';

/** With the original as many as fit in two rows of two. */
const AT_MOST = 3;

export type PresetPicture =
  | { readonly state: 'making' }
  | { readonly state: 'there'; readonly picture: MadePicture }
  | { readonly state: 'failed'; readonly error: ApiError };

/** The chosen preset is among them. */
export const comparedPresets = computed(() => {
  const usable = presets.value.filter(({ problem }) => problem === undefined);
  const first = usable.slice(0, AT_MOST);
  const chosen = usable.find(({ name }) => name === project.value.value.preset);
  return chosen && !first.includes(chosen) ? [...first.slice(0, AT_MOST - 1), chosen] : first;
});

/** By the preset's name; all of the same frame and the same project. */
export const presetPictures = signal<ReadonlyMap<string, PresetPicture>>(new Map());

let controller = new AbortController();
/** So that a playhead that moves does not ask for every frame. */
const SETTLE_MS = 200;
let timer = 0;

async function makeAll({ signal }: AbortController): Promise<void> {
  const set = (name: string, picture: PresetPicture): void => {
    if (!signal.aborted) presetPictures.value = new Map(presetPictures.value).set(name, picture);
  };
  // One after another: together they would only share the machine.
  for (const { name } of comparedPresets.value) {
    if (signal.aborted) return;
    try {
      const picture = await makePicture({ ...project.value.value, preset: name }, frame.value, signal);
      set(name, { state: 'there', picture });
    } catch (error) {
      set(name, { state: 'failed', error: error as ApiError });
    }
  }
}

function forget(): void {
  controller.abort();
  clearTimeout(timer);
  if (presetPictures.peek().size > 0) presetPictures.value = new Map();
}

/** What the pictures are made of, without the preset that is chosen: choosing one makes none anew. */
const subject = computed(() => {
  if (viewMode.value !== 'presets' || isPlaying.value) return undefined;
  const { preset: _preset, name: _name, markers: _markers, ...rest } = project.value.value;
  return JSON.stringify([rest, frame.value, comparedPresets.value.map(({ name }) => name)]);
});

/** Follows project and playhead. @returns ends it */
export function followPresetPictures(): () => void {
  const stop = effect(() => {
    const isWanted = subject.value !== undefined;
    forget();
    if (!isWanted) return;
    controller = new AbortController();
    const own = controller;
    timer = window.setTimeout(() => void makeAll(own), SETTLE_MS);
  });
  return () => {
    stop();
    forget();
  };
}
