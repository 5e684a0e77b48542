/** Which pixels the stage shows, and what may be said about them. Never more than is true of those pixels. */
import { computed } from '@preact/signals';
import { isVideoShown, original } from '../../state/original.ts';
import { playedFrame } from '../../state/player.ts';
import {
  frame,
  isCurrent,
  isOffHere,
  isPlaying,
  isPreviewing,
  type PreviewPicture,
  preview,
  previewError,
  previewsOn,
  wantedKey,
} from '../../state/preview.ts';
import { shownMode } from '../../state/stage.ts';
import { isVideo } from '../../state/target.ts';

/** Frame that the pixels of the original are of; undefined before the first has come. */
export const shownFrame = computed(() => (isVideoShown.value ? playedFrame.value : original.value?.frame));

/**
 * The result that belongs to the original on the stage. One of other settings stays until the new one comes, told as
 * such; one of another frame is never shown.
 */
export const shownResult = computed<PreviewPicture | undefined>(() => {
  const picture = preview.value;
  if (!picture || isVideoShown.value || isPlaying.value) return undefined;
  return picture.frame === shownFrame.value && picture.frame === frame.value ? picture : undefined;
});

/** The mode as it can be shown now: without a result there is the original only. */
export const effectiveMode = computed(() => {
  const mode = shownMode.value;
  return mode === 'side' || shownResult.value ? mode : 'original';
});
/** What the one place shows where there is one only. */
export const shownPane = computed(() => {
  const mode = effectiveMode.value;
  return mode === 'side' || mode === 'presets' ? 'original' : mode;
});

export type Quality =
  | 'rangeOff'
  | 'unchanged'
  | 'playing'
  | 'full'
  | 'draft'
  | 'updating'
  | 'outdated'
  | 'making'
  | 'off';

/** What is said about the result, if anything: nothing where only the original is asked for. */
export const quality = computed<Quality | undefined>(() => {
  if (isPlaying.value) return 'playing';
  if (shownMode.value !== 'original' && isOffHere.value) return 'rangeOff';
  if (shownMode.value === 'original' || wantedKey.value === undefined) return undefined;
  const result = shownResult.value;
  if (result && result.key === wantedKey.value) return isCurrent.value ? 'full' : 'draft';
  if (isPreviewing.value) return result ? 'updating' : 'making';
  if (isVideo.value && previewError.value?.code === 'TARGET_NO_FACE') return 'unchanged';
  if (!previewsOn.value) return result ? 'outdated' : 'off';
  return result ? 'updating' : undefined;
});
