/** Fills or blurs a region of a picture, so that what was there cannot be seen. */
import { once } from 'node:events';
import { cancelled } from '../../core/abort.ts';
import type { RgbImage } from '../../core/image.ts';
import { ffmpegFailure, startFfmpeg } from '../ffmpeg-process.ts';
import { findFfmpeg } from '../find-ffmpeg.ts';

/** Whole pixels of the upright picture, at least one from every edge. */
export interface PixelRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `delogo` fills it from its edges; `blur` leaves what is coarse. */
  readonly mode: 'delogo' | 'blur';
}

/** Of the shorter side of the region: letters of half its height are gone. */
const BLUR = 0.25;
/** What the filter can take of a plane. */
const WIDEST_BLUR = 60;

/** Filters of ffmpeg for I420 frames. */
export function regionFilters({ x, y, width, height, mode }: PixelRegion, label = 'region'): string[] {
  if (mode === 'delogo') return [`delogo=x=${x}:y=${y}:w=${width}:h=${height}`];
  // Chroma has half the size.
  const [left, top] = [x & ~1, y & ~1];
  const [w, h] = [(x + width - left + 1) & ~1, (y + height - top + 1) & ~1];
  const radius = Math.max(1, Math.min(WIDEST_BLUR, Math.floor(Math.min(w, h) * BLUR)));
  const chroma = Math.max(1, Math.min(radius, Math.floor(Math.min(w, h) / 4) - 1));
  const names = [`${label}picture`, `${label}part`, `${label}blurred`] as const;
  return [
    `split[${names[0]}][${names[1]}];` +
      `[${names[1]}]crop=${w}:${h}:${left}:${top},boxblur=lr=${radius}:lp=3:cr=${chroma}:cp=3[${names[2]}];` +
      `[${names[0]}][${names[2]}]overlay=${left}:${top}`,
  ];
}

/** Pixels around a region that the filter looks at. */
const SURROUNDINGS = 16;

/** Cleans a region of a photo, in place: nothing outside of it changes. @throws FFMPEG_FAILED, FFMPEG_NOT_FOUND, CANCELLED */
export async function cleanPhoto(image: RgbImage, region: PixelRegion, signal: AbortSignal | undefined): Promise<void> {
  const x0 = Math.max(0, region.x - SURROUNDINGS) & ~1;
  const y0 = Math.max(0, region.y - SURROUNDINGS) & ~1;
  const x1 = Math.min(image.width, region.x + region.width + SURROUNDINGS);
  const y1 = Math.min(image.height, region.y + region.height + SURROUNDINGS);
  const [width, height] = [x1 - x0, y1 - y0];
  const part = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = ((y0 + y) * image.width + x0) * 3;
    part.set(image.data.subarray(row, row + width * 3), y * width * 3);
  }
  const inside = { ...region, x: region.x - x0, y: region.y - y0 };
  const cleaned = await filterRgb(part, width, height, regionFilters(inside), signal);
  for (let y = inside.y; y < inside.y + region.height; y++) {
    const from = (y * width + inside.x) * 3;
    image.data.set(cleaned.subarray(from, from + region.width * 3), ((y0 + y) * image.width + region.x) * 3);
  }
}

async function filterRgb(
  pixels: Buffer,
  width: number,
  height: number,
  filters: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  const { ffmpegPath } = await findFfmpeg();
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const graph = ['format=yuv444p', ...filters, 'format=rgb24'].join(',');
  await using child = startFfmpeg(
    ffmpegPath,
    [
      ...['-nostdin', '-v', 'error', ...raw, '-s', `${width}x${height}`, '-i', 'pipe:0'],
      ...['-vf', graph, ...raw, '-frames:v', '1', 'pipe:1'],
    ],
    { input: true, output: true, signal },
  );
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part: Buffer) => parts.push(part));
  if (child.stdin && !child.stdin.write(pixels)) await Promise.race([once(child.stdin, 'drain'), child.exited]);
  child.stdin?.end();
  const exit = await child.exited;
  if (signal?.aborted) throw cancelled(signal);
  const cleaned = Buffer.concat(parts);
  if (exit.code !== 0 || cleaned.length !== pixels.length) {
    throw ffmpegFailure(exit, child.stderrTail(), 'cleaning a region');
  }
  return cleaned;
}
