/** Animated GIF and WebP, made from joined chunks. */
import { rm } from 'node:fs/promises';
import { AppError } from '../core/errors.ts';
import { markGif, markWebp } from './ai-marking.ts';
import { readWebpFrames } from './count-output-frames.ts';
import { toFfmpegFile } from './ffmpeg-process.ts';
import { readList, runOutputStep, toRgb } from './mux-output.ts';
import type { VideoInfo } from './probe.ts';
import { squareSize } from './scaled-size.ts';

export interface AnimationSettings {
  readonly listPath: string;
  readonly outputPath: string;
  readonly info: VideoInfo;
  readonly scale: number;
  readonly frames: number;
  readonly durationSeconds: number;
  /** 0..100, for WebP. */
  readonly quality: number;
  /** The label of GB 45438-2025, where it is asked for. */
  readonly aigc?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a GIF that repeats for ever, with one palette that is chosen for the whole clip.
 * @throws OUTPUT_FAILED, FFMPEG_FAILED, CANCELLED
 */
export async function writeGif({ listPath, outputPath, info, scale, signal }: AnimationSettings): Promise<void> {
  const palettePath = `${outputPath}.palette.png`;
  const frames = readList(listPath);
  const [width, height] = squareSize(info, scale);
  const rgb = `${toRgb(info)}:w=${width}:h=${height},setsar=1,format=bgra`;
  try {
    // Two passes: one would have to hold every frame until the palette is known.
    const palette = ['-vf', `${rgb},palettegen`, '-update', '1', '-f', 'image2', toFfmpegFile(palettePath)];
    await runOutputStep([...frames, '-frames:v', '1', ...palette], outputPath, signal);
    // Squares that did not change stay as they are, so that what is still does not shimmer.
    const graph = `[0:v]${rgb}[frames];[frames][1:v]paletteuse=dither=sierra2_4a:diff_mode=rectangle`;
    const output = ['-fps_mode', 'passthrough', '-loop', '0', '-f', 'gif', toFfmpegFile(outputPath)];
    await runOutputStep(
      [...frames, '-i', toFfmpegFile(palettePath), '-filter_complex', graph, ...output],
      outputPath,
      signal,
    );
  } finally {
    await rm(palettePath, { force: true });
  }
  await markGif(outputPath);
}

/** Times in a WebP are whole milliseconds. */
const ROUNDING_SECONDS = 0.002;

/**
 * Writes an animated WebP that repeats for ever.
 * @throws OUTPUT_FAILED, FFMPEG_FAILED (also where the file does not last as long as the clip), CANCELLED
 */
export async function writeWebp(settings: AnimationSettings): Promise<void> {
  const { listPath, outputPath, info, scale, quality, signal, frames, durationSeconds } = settings;
  const [width, height] = squareSize(info, scale);
  const codec = ['-c:v', 'libwebp_anim', '-quality', String(quality), '-loop', '0', '-fps_mode', 'passthrough'];
  const output = ['-enc_time_base', '1/1000', '-f', 'webp', toFfmpegFile(outputPath)];
  await runOutputStep(
    [...readList(listPath), '-vf', `${toRgb(info)}:w=${width}:h=${height},format=bgra`, ...codec, ...output],
    outputPath,
    signal,
  );
  const found = await readWebpFrames(outputPath);
  // The encoder makes equal frames one: only time tells whether all are there.
  const tolerance = ROUNDING_SECONDS + durationSeconds / frames;
  if (frames > 1 && Math.abs(found.durationSeconds - durationSeconds) > tolerance) {
    throw new AppError(
      'FFMPEG_FAILED',
      `Expected ${durationSeconds.toFixed(3)} s in the output, found ${found.durationSeconds.toFixed(3)} s.`,
    );
  }
  await markWebp(outputPath, settings.aigc);
}
