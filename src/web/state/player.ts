/** Playing the original: by the browser where it can, else frame by frame. `J` goes back, `L` on, twice is faster. */
import { computed, effect, signal } from '@preact/signals';
import { isOriginalCurrent, isVideoShown } from './original.ts';
import { frame, isPlaying } from './preview.ts';
import { fps, frameCount, seek, target } from './target.ts';

/** Times the normal speed; below 0 backwards. */
export const speed = signal(1);
export const soundOn = signal(false);
/** The frame that the video element shows. */
export const playedFrame = signal(0);
/** Fastest that frames are gone through. */
const MOST_SPEED = 8;

/** Videos that this browser cannot decode, by the id of the asset. */
const undecodable = signal<ReadonlySet<string>>(new Set());
export const canDecode = computed(() => target.value !== undefined && !undecodable.value.has(target.value.id));
/** Whether the video element does it. */
export const playsVideo = computed(() => isPlaying.value && speed.value > 0 && canDecode.value);

export function giveUpDecoding(asset: string): void {
  undecodable.value = new Set(undecodable.value).add(asset);
}

export function play(atSpeed = 1): void {
  if (frameCount.value <= 1) return;
  if (atSpeed > 0 && frame.value >= frameCount.value - 1) seek(0);
  speed.value = atSpeed;
  isPlaying.value = true;
}
export const pause = (): void => {
  isPlaying.value = false;
};
export const togglePlay = (): void => (isPlaying.value ? pause() : play());

/** Pressed again in the same direction it is twice as fast. */
function go(direction: 1 | -1): void {
  const again = isPlaying.value && Math.sign(speed.value) === direction;
  play(again ? Math.max(-MOST_SPEED, Math.min(MOST_SPEED, speed.value * 2)) : direction);
}
export const playForwards = (): void => go(1);
export const playBackwards = (): void => go(-1);

/** Goes through the frames by the clock; those that do not come in time are left out. @returns ends it */
function stepThrough(): () => void {
  const from = { frame: frame.peek(), time: performance.now() };
  let id = requestAnimationFrame(function step(now) {
    const to = from.frame + Math.trunc(((now - from.time) / 1000) * fps.peek() * speed.peek());
    seek(to);
    if (to <= 0 && speed.peek() < 0) return pause();
    if (to >= frameCount.peek() - 1 && speed.peek() > 0) return pause();
    id = requestAnimationFrame(step);
  });
  return () => cancelAnimationFrame(id);
}

/** @returns ends it */
export function followPlayer(): () => void {
  const stopStepping = effect(() => {
    void speed.value;
    if (isPlaying.value && !playsVideo.value) return stepThrough();
    return undefined;
  });
  // The last picture of the video stays until the frame itself has come.
  const stopHiding = effect(() => {
    if (!playsVideo.value && isOriginalCurrent.value) isVideoShown.value = false;
  });
  const stopOnChange = effect(() => {
    void target.value?.id;
    isPlaying.value = false;
    isVideoShown.value = false;
  });
  return () => {
    stopStepping();
    stopHiding();
    stopOnChange();
  };
}
