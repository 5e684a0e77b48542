/** Every colour on every surface that it is used on, in both themes: WCAG 2.2, 1.4.3 and 1.4.11. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../src/web/styles/tokens.css', import.meta.url), 'utf8').replace(
  /\/\*[\s\S]*?\*\//g,
  '',
);
const values = new Map([...css.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]));

/** Red, green, blue and alpha, each 0..1. */
type Colour = readonly [number, number, number, number];
type Theme = 'light' | 'dark';

function parseColour(text: string): Colour {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(text);
  if (hex) {
    const [red = 0, green = 0, blue = 0] = hex.slice(1).map((part) => Number.parseInt(part, 16) / 255);
    return [red, green, blue, 1];
  }
  const rgb = /^rgb\((\d+) (\d+) (\d+)(?: \/ ([\d.]+))?\)$/.exec(text);
  if (!rgb) throw new Error(`Expected #rrggbb or rgb(r g b / a), received ${text}.`);
  const [red = 0, green = 0, blue = 0] = rgb.slice(1, 4).map((part) => Number(part) / 255);
  return [red, green, blue, Number(rgb[4] ?? 1)];
}

function colourOf(token: string, theme: Theme): Colour {
  const value = values.get(token);
  if (value === undefined) throw new Error(`tokens.css has no --${token}.`);
  const pair = /^light-dark\((.+), ((?:#|rgb).+)\)$/.exec(value);
  return parseColour((pair ? pair[theme === 'light' ? 1 : 2] : value) ?? '');
}

const over = ([r, g, b, a]: Colour, under: Colour): Colour => [
  r * a + under[0] * (1 - a),
  g * a + under[1] * (1 - a),
  b * a + under[2] * (1 - a),
  1,
];

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = (colour: Colour): number => {
  const [r = 0, g = 0, b = 0] = colour
    .slice(0, 3)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** @param surfaces the lowest first: what is half transparent lies on those before it */
function contrast(theme: Theme, front: string, ...surfaces: readonly string[]): number {
  const back = surfaces.reduce<Colour>(
    (under, token) => over(token.startsWith('#') ? parseColour(token) : colourOf(token, theme), under),
    [1, 1, 1, 1],
  );
  const [low = 0, high = 0] = [luminance(over(colourOf(front, theme), back)), luminance(back)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ['bg-app', 'bg-panel', 'bg-raised', 'bg-sunken', 'bg-field'];
const OUTCOMES = ['success', 'warning', 'danger', 'info'];
const PEOPLE = [1, 2, 3, 4, 5, 6].map((number) => `person-${number}`);
/** A picture can have any colour. */
const PICTURES = ['#ffffff', '#000000'];

type Pair = readonly [front: string, ...surfaces: string[]];
const on = (fronts: readonly string[], backs: readonly string[]): Pair[] =>
  fronts.flatMap((front) => backs.map((back) => [front, back] as const));

/** Text, 4.5:1. */
const TEXTS: readonly Pair[] = [
  ...on(['text', 'text-2', 'text-3'], SURFACES),
  ...on(['text', 'text-2', 'text-3'], ['accent-soft']),
  ...on(['text', 'text-2'], ['success-soft', 'warning-soft', 'danger-soft', 'info-soft']),
  ...['bg-panel', 'bg-raised'].flatMap((under): Pair[] => [
    ['text', under, 'bg-hover'],
    ['text-2', under, 'bg-hover'],
    ['text', under, 'bg-press'],
    ['text-2', under, 'bg-press'],
  ]),
  ...on(['accent'], [...SURFACES, 'accent-soft']),
  ...OUTCOMES.flatMap((outcome) => on([outcome], ['bg-panel', 'bg-raised', 'bg-app', `${outcome}-soft`])),
  ...on(['on-accent'], ['accent-fill', 'accent-fill-hover', 'accent-fill-press', 'danger-fill']),
  ...on(['on-person'], PEOPLE),
  ...PICTURES.flatMap((picture): Pair[] => [
    ['hud-text', picture, 'hud'],
    ['hud-text-2', picture, 'hud'],
  ]),
];

/** What has to be seen to be used, 3:1. */
const PARTS: readonly Pair[] = [
  ...on(['line-control'], ['bg-field', 'bg-panel', 'bg-raised']),
  ...on(['accent-fill'], ['bg-panel', 'bg-raised', 'bg-sunken']),
  ...on(['focus-outer'], [...SURFACES, 'focus-inner', 'accent-soft']),
];

const named = (pairs: readonly Pair[]) => pairs.map((pair) => [pair.join(' on '), pair] as const);

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  it.each(named(TEXTS))('has 4.5:1 for %s', (_name, [front, ...surfaces]) => {
    expect(contrast(theme, front, ...surfaces)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(named(PARTS))('has 3:1 for %s', (_name, [front, ...surfaces]) => {
    expect(contrast(theme, front, ...surfaces)).toBeGreaterThanOrEqual(3);
  });
});

it('rings what is focused twice, so that one of both rings is seen on any picture', () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const picture of [...PICTURES, '#767676']) {
      const rings = ['focus-inner', 'focus-outer'].map((ring) => contrast(theme, ring, picture));
      expect(Math.max(...rings)).toBeGreaterThanOrEqual(3);
    }
  }
});
