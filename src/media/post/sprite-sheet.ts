/** Thumbnails of a video in one picture, and the text that says which is when. */
import { toFfmpegFile } from '../ffmpeg-process.ts';
import { runOutputStep } from '../mux-output.ts';

export interface SpriteSheet {
  readonly columns: number;
  readonly rows: number;
  readonly count: number;
  /** From one to the next. */
  readonly everySeconds: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
}

/** Enough to find a place in an hour, and a picture that browsers decode at once. */
const MOST_TILES = 100;
const COLUMNS = 10;
/** Of a tile, in pixels: twice what players show it at. */
const TILE_WIDTH = 160;

/** @param fps of the video: there is no tile without a frame of its own */
export function planSprites(width: number, height: number, durationSeconds: number, fps: number): SpriteSheet {
  const everySeconds = Math.max(1, 1 / fps, Math.ceil(durationSeconds / MOST_TILES));
  const count = Math.max(1, Math.ceil(durationSeconds / everySeconds - 1e-3));
  const columns = Math.min(COLUMNS, count);
  const tileHeight = Math.max(2, 2 * Math.round((TILE_WIDTH * height) / width / 2));
  return { count, everySeconds, columns, rows: Math.ceil(count / columns), tileWidth: TILE_WIDTH, tileHeight };
}

/** Writes the sheet as a PNG. @throws OUTPUT_FAILED, FFMPEG_FAILED, CANCELLED */
export async function writeSprites(
  from: string,
  sheet: SpriteSheet,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { columns, rows, everySeconds, tileWidth, tileHeight } = sheet;
  const filters = [
    `select='gte(t,selected_n*${everySeconds})'`,
    `scale=${tileWidth}:${tileHeight}:flags=area`,
    `tile=${columns}x${rows}`,
  ];
  await runOutputStep(
    [
      ...['-i', toFfmpegFile(from), '-map', '0:v:0', '-an', '-vf', filters.join(',')],
      ...['-fps_mode', 'passthrough', '-frames:v', '1', '-update', '1', '-f', 'image2', '-c:v', 'png'],
      toFfmpegFile(path),
    ],
    path,
    signal,
  );
}

/** WebVTT with a cue a tile. @see https://www.w3.org/TR/media-frags/#naming-space */
export function spriteCues(pictureName: string, sheet: SpriteSheet, durationSeconds: number): string {
  const cues = Array.from({ length: sheet.count }, (_, index) => {
    const start = index * sheet.everySeconds;
    const end = Math.min(durationSeconds, start + sheet.everySeconds);
    const x = (index % sheet.columns) * sheet.tileWidth;
    const y = Math.floor(index / sheet.columns) * sheet.tileHeight;
    return `${clock(start)} --> ${clock(end)}\n${pictureName}#xywh=${x},${y},${sheet.tileWidth},${sheet.tileHeight}\n`;
  });
  return `WEBVTT\n\n${cues.join('\n')}`;
}

function clock(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = String(milliseconds % 1000).padStart(3, '0');
  return `${two(milliseconds / 3_600_000)}:${two((milliseconds / 60_000) % 60)}:${two((milliseconds / 1000) % 60)}.${rest}`;
}
