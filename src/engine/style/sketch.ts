/** The look of a pencil drawing. */
import { createCoarseRows, gridOver } from '../frames/coarse-grid.ts';
import type { Look } from './apply-lut.ts';
import { createHatchTiles, TILE } from './hatching.ts';
import { BLUE, blurTwice, createBoxMean, GREEN, RED, smoothStep, tonePlanes } from './tone-planes.ts';

/** Cells along the longer side. */
const CELLS = 640;
/** Half the edge of the blur against which a line is dark, and of the one whose tone is hatched, in cells. */
const [LINE_RADIUS, TONE_RADIUS] = [2, 1];
/** Brightness relative to the surroundings at which a line begins and is full. */
const [LINE_FROM, LINE_TO] = [0.975, 0.68];
/** Brightness at which each layer of strokes begins and is full, and how dark it is. */
const HATCHES = [
  { from: 0.62, to: 0.4, dark: 0.34 },
  { from: 0.4, to: 0.2, dark: 0.42 },
  { from: 0.22, to: 0.06, dark: 0.5 },
] as const;
/** Tone that lies under the strokes, as from the side of the lead. */
const SHADE = 0.3;
/** Graphite, and paper, which is a little warm. */
const LEAD = 34;
const PAPER = [251, 249, 243] as const;
/** Lines of the frame for which strokes are drawn. */
const DRAWN_FOR = 720;
const TONES = 256;

/**
 * Draws what is darker than its surroundings as lines, and shadows as strokes in up to three directions. Strokes stay
 * where they are on the paper, and all tones are smooth functions of the picture, so that nothing flickers in a video.
 */
export function createSketchLook(): Look {
  const [tile1, tile2, tile3] = createHatchTiles() as [Float32Array, Float32Array, Float32Array];
  const [light1, light2, light3] = HATCHES.map(({ from, to, dark }) =>
    Float32Array.from({ length: TONES + 1 }, (_, tone) => dark * smoothStep(from, to, tone / TONES)),
  ) as [Float32Array, Float32Array, Float32Array];
  const lineOf = Float32Array.from(
    { length: TONES + 1 },
    (_, tone) => 1 - smoothStep(LINE_FROM, LINE_TO, tone / TONES),
  );
  return (picture) => {
    const { data, width, height } = picture;
    const grid = gridOver(picture, CELLS);
    const mean = createBoxMean(grid);
    const { tone } = tonePlanes(picture, grid);
    const around = blurTwice(mean, tone, LINE_RADIUS);
    const soft = blurTwice(mean, tone, TONE_RADIUS);
    const reader = createCoarseRows(grid, width);
    const [aroundRow, softRow] = [new Float32Array(width), new Float32Array(width)];
    const scale = DRAWN_FOR / Math.max(1, Math.min(width, height));
    const columns = Int32Array.from({ length: width }, (_, x) => Math.floor(x * scale) % TILE);
    const out = new Uint8Array(data.length);
    const drawRow = (y: number): void => {
      const tileRow = (Math.floor(y * scale) % TILE) * TILE;
      let at = y * width * 3;
      for (let x = 0; x < width; x++, at += 3) {
        const own = (RED * data[at]! + GREEN * data[at + 1]! + BLUE * data[at + 2]!) * (1 / 255);
        const nearby = softRow[x]!;
        // Half of the pixel itself, half of what is around it: noise draws no lines.
        const relative = ((own + nearby) * 0.5 + 0.04) / (aroundRow[x]! + 0.04);
        const line = lineOf[relative >= 1 ? TONES : (relative * TONES) | 0]!;
        const shade = nearby >= 1 ? TONES : (nearby * TONES) | 0;
        const place = tileRow + columns[x]!;
        const light =
          line *
          (1 - light1[shade]! * tile1[place]!) *
          (1 - light2[shade]! * tile2[place]!) *
          (1 - light3[shade]! * tile3[place]!) *
          (1 - SHADE * (1 - nearby) * (1 - nearby));
        out[at] = LEAD + (PAPER[0] - LEAD) * light;
        out[at + 1] = LEAD + (PAPER[1] - LEAD) * light;
        out[at + 2] = LEAD + (PAPER[2] - LEAD) * light;
      }
    };
    for (let y = 0; y < height; y++) {
      reader.read(around, y, aroundRow);
      reader.read(soft, y, softRow);
      drawRow(y);
    }
    return { data: out, width, height };
  };
}
