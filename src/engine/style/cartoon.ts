/** The look of a drawing with flat colours and dark outlines. */
import { type CoarseGrid, createCoarseRows, gridOver, halveGrid, halvePlane } from '../frames/coarse-grid.ts';
import type { Look } from './apply-lut.ts';
import { BLUE, blurTwice, createBoxMean, GREEN, RED, smoothStep, type TonePlanes, tonePlanes } from './tone-planes.ts';

/** Cells along the longer side in which outlines are looked for; colours are smoothed on half as many. */
const CELLS = 720;
/** Half the edge of a smoothing window, and of the two blurs whose difference is an outline, in cells. */
const [SMOOTH_RADIUS, FINE_RADIUS, WIDE_RADIUS] = [4, 1, 2];
/** Variance of brightness below which there is nothing but texture. */
const TEXTURE = 0.006;
/** Steps of brightness, and how steep they are: at 1 there are none. Steeper ones flicker with the noise of a video. */
const [STEPS, STEEPNESS] = [7, 2.2];
const SATURATION = 1.3;
/** Relative darkness against the surroundings at which an outline begins and is full, and how dark it is. */
const [LINE_FROM, LINE_TO, INK] = [0.03, 0.11, 0.12];
/** Brightness is looked up in so many steps. */
const TONES = 1024;

/**
 * Smooths with a guided filter, which keeps edges; draws brightness to a few steps with slopes between, so that neither
 * bands nor flicker appear; lays outlines over it. A function of the one picture.
 * @see Winnemöller, Olsen, Gooch, "Real-time video abstraction", SIGGRAPH 2006
 */
export function createCartoonLook(): Look {
  const tones = softSteps();
  return (picture) => {
    const { data, width, height } = picture;
    const lineGrid = gridOver(picture, CELLS);
    const colourGrid = halveGrid(lineGrid);
    const planes = tonePlanes(picture, lineGrid);
    const [tone, red, blue] = [planes.tone, planes.red, planes.blue].map((plane) => halvePlane(plane, lineGrid));
    const fits = smoothFits({ tone: tone!, red: red!, blue: blue! }, colourGrid);
    const line = outlines(planes.tone, lineGrid);
    const colours = createCoarseRows(colourGrid, width);
    const lines = createCoarseRows(lineGrid, width);
    const rows = Array.from({ length: 7 }, () => new Float32Array(width)) as Rows;
    const out = new Uint8Array(data.length);
    for (let y = 0; y < height; y++) {
      for (const [index, plane] of fits.entries()) colours.read(plane, y, rows[index]!);
      lines.read(line, y, rows[6]);
      drawRow(data, out, y * width * 3, rows, tones);
    }
    return { data: out, width, height };
  };
}

/** Draws one row of pixels that begins at `at`. */
function drawRow(data: Uint8Array, out: Uint8Array, at: number, rows: Rows, tones: Float32Array): void {
  const [toneSlope, toneOffset, redSlope, redOffset, blueSlope, blueOffset, ink] = rows;
  const width = ink.length;
  for (let x = 0; x < width; x++, at += 3) {
    const tone = (RED * data[at]! + GREEN * data[at + 1]! + BLUE * data[at + 2]!) * (1 / 255);
    const smooth = toneSlope[x]! * tone + toneOffset[x]!;
    const drawn = tones[smooth <= 0 ? 0 : smooth >= 1 ? TONES : (smooth * TONES + 0.5) | 0]!;
    const red = (redSlope[x]! * tone + redOffset[x]!) * SATURATION;
    const blue = (blueSlope[x]! * tone + blueOffset[x]!) * SATURATION;
    const light = 255 * ink[x]!;
    out[at] = clamp((drawn + red) * light);
    out[at + 1] = clamp((drawn - red * (RED / GREEN) - blue * (BLUE / GREEN)) * light);
    out[at + 2] = clamp((drawn + blue) * light);
  }
}

const clamp = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0);

type Rows = [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];

/** For each brightness its nearest steps, with slopes between them. */
function softSteps(): Float32Array {
  return Float32Array.from({ length: TONES + 1 }, (_, index) => {
    const position = (index / TONES) * STEPS;
    const step = Math.floor(position);
    const t = (position - step - 0.5) * 2;
    const bent = Math.tanh(STEEPNESS * t) / Math.tanh(STEEPNESS);
    return (step + 0.5 + bent / 2) / STEPS;
  });
}

/** In each window, brightness and colours as lines over brightness: slope and offset of each, averaged. */
function smoothFits({ tone, red, blue }: TonePlanes, grid: CoarseGrid): Float32Array[] {
  const mean = createBoxMean(grid);
  const count = tone.length;
  const product = new Float32Array(count);
  const meanOfProduct = (one: Float32Array, other: Float32Array): Float32Array => {
    for (let at = 0; at < count; at++) product[at] = one[at]! * other[at]!;
    return mean(product, SMOOTH_RADIUS);
  };
  const toneMean = mean(tone, SMOOTH_RADIUS);
  const square = meanOfProduct(tone, tone);
  return [tone, red, blue].flatMap((plane) => {
    const planeMean = plane === tone ? toneMean : mean(plane, SMOOTH_RADIUS);
    const cross = plane === tone ? square.slice() : meanOfProduct(tone, plane);
    const offset = new Float32Array(count);
    for (let at = 0; at < count; at++) {
      const centre = toneMean[at]!;
      const slope = (cross[at]! - centre * planeMean[at]!) / (square[at]! - centre * centre + TEXTURE);
      cross[at] = slope;
      offset[at] = planeMean[at]! - slope * centre;
    }
    return [mean(cross, SMOOTH_RADIUS), mean(offset, SMOOTH_RADIUS)];
  });
}

/** 1 where there is no outline, `INK` where it is full. */
function outlines(tone: Float32Array, grid: CoarseGrid): Float32Array {
  const mean = createBoxMean(grid);
  const fine = blurTwice(mean, tone, FINE_RADIUS);
  const wide = blurTwice(mean, tone, WIDE_RADIUS);
  for (let at = 0; at < fine.length; at++) {
    // Relative, so that what is in shadow has outlines too; but not the noise in the dark.
    const dark = (wide[at]! - fine[at]!) / (wide[at]! + 0.12);
    fine[at] = 1 - (1 - INK) * smoothStep(LINE_FROM, LINE_TO, dark);
  }
  return fine;
}
