import type { VideoInfo } from './probe.ts';

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));

/** Size of an output in pixels: that of the frames, times `scale`, rounded to even numbers. */
export const scaledSize = (
  { frameWidth, frameHeight }: Pick<VideoInfo, 'frameWidth' | 'frameHeight'>,
  scale: number,
): [width: number, height: number] => [even(frameWidth * scale), even(frameHeight * scale)];

/** The same for formats whose pixels are square: as wide as players would show it. */
export function squareSize(info: VideoInfo, scale: number): [width: number, height: number] {
  const [width, height] = scaledSize(info, scale);
  const [across, down] = info.pixelAspect.split(':').map(Number);
  return [even((width * across!) / down!), height];
}
