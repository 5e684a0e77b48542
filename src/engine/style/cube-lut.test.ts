import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLutLook } from './apply-lut.ts';
import { parseCubeLut, readCubeLut } from './cube-lut.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'facefusion-lut-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Colour = readonly [number, number, number];

/** A table in three dimensions, red fastest, of a function of the colour. */
function cube(size: number, colourOf: (red: number, green: number, blue: number) => Colour, head = ''): string {
  const lines: string[] = [];
  for (let b = 0; b < size; b++)
    for (let g = 0; g < size; g++)
      for (let r = 0; r < size; r++)
        lines.push(
          colourOf(r / (size - 1), g / (size - 1), b / (size - 1))
            .map((value) => value.toFixed(6))
            .join(' '),
        );
  return `TITLE "a look"\n# a remark\nLUT_3D_SIZE ${size}\n${head}\n${lines.join('\n')}\n`;
}

const look = (text: string, ...rgb: number[]): number[] => [
  ...createLutLook(parseCubeLut(text, 'a.cube'))({ data: Uint8Array.from(rgb), width: rgb.length / 3, height: 1 }).data,
];

describe('a colour table', () => {
  it.each([2, 17, 33, 65])('of %i entries a side that changes nothing changes nothing', (size) => {
    const colours = Array.from({ length: 300 }, (_, at) => (at * 89) % 256);
    expect(
      look(
        cube(size, (...rgb) => rgb),
        ...colours,
      ),
    ).toEqual(colours);
  });

  it('knows red from green and blue', () => {
    expect(
      look(
        cube(5, (r, g, b) => [b, r / 2, 1 - g]),
        200,
        100,
        20,
      ),
    ).toEqual([20, 100, 155]);
  });

  it('is exact wherever it is linear, whichever channel is the largest', () => {
    const text = cube(9, (r, g, b) => [0.2 * r + 0.5 * g + 0.3 * b, 0.9 * g, 0.4 * r + 0.6 * b]);
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (r, g, b) => {
        const made = look(text, r, g, b);
        const wanted = [0.2 * r + 0.5 * g + 0.3 * b, 0.9 * g, 0.4 * r + 0.6 * b];
        expect(Math.max(...wanted.map((value, at) => Math.abs(made[at]! - value)))).toBeLessThan(0.52);
      }),
    );
  });

  it('keeps greys grey where a cube of cubes would tint them', () => {
    const text = cube(2, (r, g, b) => [r * g * b, r * g * b, Math.min(r, g, b)]);
    // Along the diagonal, tetrahedra see its two ends only.
    expect(look(text, 128, 128, 128)).toEqual([128, 128, 128]);
  });

  it('of one dimension bends each channel by itself', () => {
    const text = 'LUT_1D_SIZE 3\n0 1 0\n0.25 0.5 1\n1 0 1\n';
    expect(look(text, 0, 0, 0, 255, 255, 255, 51, 51, 51)).toEqual([0, 255, 0, 255, 0, 255, 26, 204, 102]);
  });

  it('has its entries between DOMAIN_MIN and DOMAIN_MAX', () => {
    const text = cube(2, (...rgb) => rgb, 'DOMAIN_MIN 0.2 0 0\nDOMAIN_MAX 0.6 1 2');
    expect(look(text, 51, 51, 51)).toEqual([0, 51, 26]);
    expect(look(text, 102, 255, 255)).toEqual([128, 255, 128]);
    expect(look(text, 255, 0, 0)).toEqual([255, 0, 0]);
  });

  it('is read with any line ends, and a byte order mark', () => {
    const text = cube(2, (...rgb) => rgb).replaceAll('\n', '\r\n');
    expect(look(`\uFEFF${text}`, 9, 8, 7)).toEqual([9, 8, 7]);
  });

  it.each([
    ['', 'Line 1', 'LUT_1D_SIZE or LUT_3D_SIZE'],
    ['LUT_3D_SIZE 66', 'Line 1', '2 to 65'],
    ['LUT_3D_SIZE 1', 'Line 1', '2 to 65'],
    ['LUT_3D_SIZE 2.5', 'Line 1', '2 to 65'],
    ['LUT_1D_SIZE 2\n0 0 0\n1 1', 'Line 3', '3 numbers'],
    ['LUT_1D_SIZE 2\n0 0 0\n1 1 nan', 'Line 3', '3 numbers'],
    ['LUT_1D_SIZE 2\n0 0 0\n1 1 1\n1 1 1', 'Line 4', '2 colours and no more'],
    ['LUT_1D_SIZE 3\n0 0 0\n1 1 1', 'Line 3', 'expected 3 colours, received 2'],
    ['LUT_1D_SIZE 2\nLUT_3D_SIZE 2', 'Line 2', 'one size only'],
    ['0 0 0', 'Line 1', 'before the first colour'],
    ['LUT_1D_SIZE 2\nDOMAIN_MIN 1 0 0\n0 0 0\n1 1 1', 'Line 4', 'below DOMAIN_MAX'],
    ['\n<html>', 'Line 2', 'a word of the format'],
  ])('that is damaged (%j) is refused by its line', (text, line, problem) => {
    expect(() => parseCubeLut(text, 'a.cube')).toThrow(
      expect.objectContaining({
        code: 'INPUT_UNREADABLE',
        message: expect.stringMatching(new RegExp(`${line}: .*${problem}`)),
      }),
    );
  });

  it('is read from a file, or said to be missing', async () => {
    const path = join(folder, 'a.cube');
    writeFileSync(
      path,
      cube(2, (...rgb) => rgb),
    );
    expect(await readCubeLut(path)).toMatchObject({ dimensions: 3, size: 2 });
    await expect(readCubeLut(join(folder, 'none.cube'))).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });
});
