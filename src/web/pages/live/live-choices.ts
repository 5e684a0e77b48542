/** What is chosen for the live page; camera, size and mirror are remembered by this browser. */
import { effect, type Signal, signal } from '@preact/signals';
import type { Camera } from './camera.ts';
import type { LiveView } from './live-messages.ts';

export const SIZES = ['320x240', '640x480', '1280x720'] as const;
export type LiveSize = (typeof SIZES)[number];

export const sizeOf = (size: LiveSize): { readonly width: number; readonly height: number } => {
  const [width = 640, height = 480] = size.split('x').map(Number);
  return { width, height };
};

const STORED = 'facefusion.live';
const read = (): Readonly<Record<string, unknown>> => {
  try {
    return Object(JSON.parse(localStorage.getItem(STORED) ?? '{}'));
  } catch {
    return {};
  }
};
const stored = read();

export const cameras = signal<readonly Camera[]>([]);
export const cameraId = signal<string | undefined>(typeof stored.camera === 'string' ? stored.camera : undefined);
/** A person sees himself as in a mirror. */
export const isMirrored = signal(stored.mirror !== false);
export const liveSize: Signal<LiveSize> = signal(SIZES.find((size) => size === stored.size) ?? '640x480');
/** The third would be too slow for a picture that moves. */
export const LIVE_PRESETS = ['fast', 'balanced'] as const;
export type LivePreset = (typeof LIVE_PRESETS)[number];
export const livePreset = signal<LivePreset>('fast');
/** Frames a second that each has reached in this browser. */
export const measured = signal<Readonly<Partial<Record<LivePreset, number>>>>({});
/** Of the slider; the service has the same default. */
export const BLUR = { min: 0, max: 1, step: 0.05, initial: 0.3 } as const;
export const maskBlur = signal<number>(BLUR.initial);
export const hasEnhancer = signal(false);
/** Id of the source that is put in; the first where it is gone. */
export const liveSource = signal<string | undefined>(undefined);
export const liveView = signal<LiveView>('result');
export const splitAt = signal(0.5);

effect(() => {
  const kept = { camera: cameraId.value, mirror: isMirrored.value, size: liveSize.value };
  localStorage.setItem(STORED, JSON.stringify(kept));
});
