/** The label that people see: what a market asks for, drawn by ourselves. Pure. */
import { type Coverage, fillPath } from './fill-path.ts';
import { CAP_HEIGHT, LABEL_GLYPHS, UNITS_PER_EM } from './label-glyphs.ts';

export type LabelMarket = 'cn' | 'eu';

/**
 * What stands in a label. An icon is dark on a light tile.
 * cn: GB 45438-2025, 5.1; eu: the common icon of the Code of Practice on Article 50 of Regulation (EU) 2024/1689.
 */
const WORDING: Readonly<Record<LabelMarket, { readonly icon?: string; readonly text: string }>> = {
  cn: { text: 'AI生成' },
  eu: { icon: 'AI', text: 'MODIFIED' },
};

/** Height of a capital letter, of the picture's shortest side: the least that GB 45438-2025 asks for. */
const HEIGHT = 0.05;
/** Distance from the edges: what screens that cut off show. @see EBU R 95, graphics safe area */
const MARGIN = 0.05;
/** Of the height of a capital letter. */
const PADDING = 0.55;
const LINE_GAP = 0.7;
const ICON_PADDING = 0.28;
const ICON_GAP = 0.45;
/** Outlines are drawn from this size on; smaller pictures get a label that can only be guessed. */
const SMALLEST_CAPITAL = 5;

/** Grey 0..255 and how much of the picture it covers 0..255, row by row. */
export interface VisibleLabel {
  readonly grey: Uint8Array;
  readonly cover: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Its first pixel in the picture; even, as chroma planes have half the size. */
  readonly x: number;
  readonly y: number;
}

const PLATE_GREY = 20;
/** Of 255. Glyphs are legible on whatever shines through. */
const PLATE_COVER = 216;
const INK_GREY = 255;

/** The label of a picture of this size, in its bottom right corner. Owned by the caller. */
export function makeLabel(markets: readonly LabelMarket[], pictureWidth: number, pictureHeight: number): VisibleLabel {
  const shortest = Math.min(pictureWidth, pictureHeight);
  const wanted = Math.max(SMALLEST_CAPITAL, Math.ceil(shortest * HEIGHT));
  const most = Math.floor(pictureWidth * (1 - 2 * MARGIN));
  // A picture that is narrower than its label gets as much of it as fits its width.
  const capital = Math.min(wanted, (wanted * most) / widthOf(markets, wanted));
  const lineHeight = capital * (1 + 2 * ICON_PADDING);
  const width = even(Math.min(most, widthOf(markets, capital)));
  const height = even(2 * PADDING * capital + markets.length * lineHeight + (markets.length - 1) * LINE_GAP * capital);
  const ink: Coverage = { data: new Uint8Array(width * height), width, height };
  const tile: Coverage = { data: new Uint8Array(width * height), width, height };
  const inIcon: Coverage = { data: new Uint8Array(width * height), width, height };
  markets.forEach((market, line) => {
    const { icon, text } = WORDING[market];
    const baseline = PADDING * capital + line * (lineHeight + LINE_GAP * capital) + capital * (1 + ICON_PADDING);
    let x = PADDING * capital;
    if (icon !== undefined) {
      const iconWidth = textWidth(icon, capital) + 2 * ICON_PADDING * capital;
      fillRectangle(tile, x, baseline - capital * (1 + ICON_PADDING), x + iconWidth, baseline + capital * ICON_PADDING);
      drawText(inIcon, icon, x + ICON_PADDING * capital, baseline, capital);
      x += iconWidth + ICON_GAP * capital;
    }
    drawText(ink, text, x, baseline, capital);
  });
  const grey = new Uint8Array(width * height);
  const cover = new Uint8Array(width * height);
  for (let at = 0; at < grey.length; at++) {
    const light = Math.max(ink.data[at]!, Math.min(tile.data[at]!, 255 - inIcon.data[at]!)) / 255;
    // The plate lies under the ink: what is covered is never less than its cover.
    cover[at] = Math.round(PLATE_COVER + (255 - PLATE_COVER) * Math.max(light, tile.data[at]! / 255));
    grey[at] = Math.round(PLATE_GREY + (INK_GREY - PLATE_GREY) * light);
  }
  const right = Math.floor(pictureWidth * (1 - MARGIN));
  const bottom = Math.floor(pictureHeight * (1 - MARGIN));
  return {
    ...{ grey, cover, width, height },
    x: Math.max(0, (right - width) & ~1),
    y: Math.max(0, (bottom - height) & ~1),
  };
}

const even = (value: number): number => Math.max(2, Math.ceil(value / 2) * 2);

function widthOf(markets: readonly LabelMarket[], capital: number): number {
  const widths = markets.map((market) => {
    const { icon, text } = WORDING[market];
    const ofIcon = icon === undefined ? 0 : textWidth(icon, capital) + (2 * ICON_PADDING + ICON_GAP) * capital;
    return ofIcon + textWidth(text, capital);
  });
  return Math.max(...widths) + 2 * PADDING * capital;
}

const glyphOf = (character: string): { readonly advance: number; readonly path: string } => LABEL_GLYPHS[character]!;

const textWidth = (text: string, capital: number): number =>
  [...text].reduce((sum, character) => sum + glyphOf(character).advance, 0) * (capital / CAP_HEIGHT);

function drawText(coverage: Coverage, text: string, x: number, baseline: number, capital: number): void {
  const scale = capital / CAP_HEIGHT;
  for (const character of text) {
    const { advance, path } = glyphOf(character);
    // Han characters stand a little below the base line: together with letters they are centred on these.
    const isHan = advance === UNITS_PER_EM;
    const lowered = isHan ? baseline - 0.01 * UNITS_PER_EM * scale : baseline;
    fillPath(coverage, path, { x, y: lowered, scale });
    x += advance * scale;
  }
}

function fillRectangle({ data, width, height }: Coverage, x0: number, y0: number, x1: number, y1: number): void {
  for (let y = Math.round(y0); y < Math.min(height, Math.round(y1)); y++) {
    data.fill(255, y * width + Math.round(x0), y * width + Math.min(width, Math.round(x1)));
  }
}
