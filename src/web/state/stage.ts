/** How the stage shows what it shows: thrown away with the page, but for the colour around the picture. */
import { computed, signal } from '@preact/signals';

export const VIEW_MODES = ['split', 'side', 'presets', 'result', 'original'] as const;
export type ViewMode = (typeof VIEW_MODES)[number];

export const viewMode = signal<ViewMode>('result');
/** While a key or a button is held: the original, whatever the mode is. */
export const holdsOriginal = signal(false);
export const shownMode = computed<ViewMode>(() => (holdsOriginal.value ? 'original' : viewMode.value));

/** The mode that `\` goes back to. */
let compared: ViewMode = 'result';

export function setViewMode(mode: ViewMode): void {
  if (mode !== 'original') compared = mode;
  viewMode.value = mode;
}
/** From the result to the original, and back to how the result was looked at. */
export const toggleOriginal = (): void => setViewMode(viewMode.value === 'original' ? compared : 'original');

/** Where the original ends and the result begins, in percent of what is seen. */
export const split = signal(50);
export const boxesOn = signal(true);

export const STAGE_COLOURS = ['grey', 'dark', 'white'] as const;
export type StageColour = (typeof STAGE_COLOURS)[number];
const STORED_COLOUR = 'facefusion.stage';
const storedColour = localStorage.getItem(STORED_COLOUR);
/** Around the picture: 18 % grey as for grading, dark as in film, white as for print. */
export const stageColour = signal<StageColour>(STAGE_COLOURS.find((colour) => colour === storedColour) ?? 'grey');

/** The next one, remembered. */
export function cycleStageColour(): void {
  const next = STAGE_COLOURS[(STAGE_COLOURS.indexOf(stageColour.value) + 1) % STAGE_COLOURS.length] ?? 'grey';
  localStorage.setItem(STORED_COLOUR, next);
  stageColour.value = next;
}

const STORED_TIMELINE = 'facefusion.timeline';
/** Lanes and markers below the filmstrip, or the filmstrip alone. Remembered. */
export const timelineOpen = signal(localStorage.getItem(STORED_TIMELINE) !== 'closed');
export function toggleTimeline(): void {
  timelineOpen.value = !timelineOpen.value;
  localStorage.setItem(STORED_TIMELINE, timelineOpen.value ? 'open' : 'closed');
}
