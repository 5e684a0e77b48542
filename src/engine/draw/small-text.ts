/** Short labels in a font of five by seven pixels, for pictures that explain. */
import type { RgbImage } from '../../core/image.ts';
import { blendPixel, type Colour } from './strokes.ts';

const ROWS = 7;
const COLUMNS = 5;
/** Pixels of the font from one letter to the next. */
const ADVANCE = COLUMNS + 1;

/** Seven rows of five bits a letter, the leftmost pixel the highest bit. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  ' ': [0, 0, 0, 0, 0, 0, 0],
  '#': [10, 10, 31, 10, 31, 10, 10],
  '.': [0, 0, 0, 0, 0, 12, 12],
  '?': [14, 17, 1, 2, 4, 0, 4],
  '0': [14, 17, 19, 21, 25, 17, 14],
  '1': [4, 12, 4, 4, 4, 4, 14],
  '2': [14, 17, 1, 6, 8, 16, 31],
  '3': [31, 2, 4, 2, 1, 17, 14],
  '4': [2, 6, 10, 18, 31, 2, 2],
  '5': [31, 16, 30, 1, 1, 17, 14],
  '6': [6, 8, 16, 30, 17, 17, 14],
  '7': [31, 1, 2, 4, 8, 8, 8],
  '8': [14, 17, 17, 14, 17, 17, 14],
  '9': [14, 17, 17, 15, 1, 2, 12],
  a: [0, 0, 14, 1, 15, 17, 15],
  c: [0, 0, 14, 16, 16, 17, 14],
  e: [0, 0, 14, 17, 31, 16, 14],
  f: [6, 9, 8, 28, 8, 8, 8],
  g: [0, 15, 17, 17, 15, 1, 14],
  l: [12, 4, 4, 4, 4, 4, 14],
  m: [0, 0, 26, 21, 21, 17, 17],
  o: [0, 0, 14, 17, 17, 17, 14],
  r: [0, 0, 22, 25, 16, 16, 16],
  s: [0, 0, 14, 16, 14, 1, 30],
};

/** Width and height of a label in pixels, without its outline. */
export const measureText = (text: string, scale: number): { readonly width: number; readonly height: number } => ({
  width: Math.max(0, text.length * ADVANCE - 1) * scale,
  height: ROWS * scale,
});

/**
 * Writes a label with a dark outline, so that it can be read on any ground. A letter that the font lacks is a question
 * mark.
 * @param image changed in place
 * @param at    upper left corner, whole pixels
 * @param scale pixels of the picture for one of the font, a whole number
 */
export function drawText(
  image: RgbImage,
  text: string,
  [left, top]: readonly [number, number],
  scale: number,
  colour: Colour,
): void {
  const letters = Array.from(text, (letter) => GLYPHS[letter] ?? GLYPHS['?']!);
  const isSet = (x: number, y: number): boolean => {
    if (x < 0 || y < 0 || y >= ROWS) return false;
    const column = x % ADVANCE;
    const rows = letters[Math.floor(x / ADVANCE)];
    return rows !== undefined && column < COLUMNS && ((rows[y]! >> (COLUMNS - 1 - column)) & 1) === 1;
  };
  const { width } = measureText(text, 1);
  for (let y = -1; y <= ROWS; y++) {
    for (let x = -1; x <= width; x++) {
      if (isSet(x, y)) fillSquare(image, left + x * scale, top + y * scale, scale, colour, 1);
      else if (NEIGHBOURS.some(([dx, dy]) => isSet(x + dx, y + dy))) {
        fillSquare(image, left + x * scale, top + y * scale, scale, BLACK, 0.75);
      }
    }
  }
}

const BLACK: Colour = [0, 0, 0];
const NEIGHBOURS = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy] as const));

function fillSquare(image: RgbImage, x0: number, y0: number, size: number, colour: Colour, opacity: number): void {
  for (let y = Math.max(0, y0); y < Math.min(image.height, y0 + size); y++) {
    for (let x = Math.max(0, x0); x < Math.min(image.width, x0 + size); x++) blendPixel(image, x, y, colour, opacity);
  }
}
