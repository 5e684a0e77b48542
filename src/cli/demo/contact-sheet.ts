import sharp, { type OverlayOptions } from 'sharp';

/** A picture of the sheet and what stands below it. */
export interface SheetCell {
  /** A photo, or the bytes of one. */
  readonly picture: string | Buffer;
  readonly caption: string;
}

const CELL_WIDTH = 480;
const CELL_HEIGHT = 560;
const CAPTION_HEIGHT = 36;
const GAP = 16;
const BACKGROUND = '#16181d';
const FONT = "'DejaVu Sans', 'Helvetica Neue', Arial, sans-serif";

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const drawCaption = (text: string, width: number): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${CAPTION_HEIGHT}">` +
      `<text x="${width / 2}" y="24" text-anchor="middle" fill="#d8dce4" font-size="17" font-family="${FONT}">` +
      `${escapeXml(text)}</text></svg>`,
  );

/** A row's cells are equally wide, and as high as the least high of their pictures needs at that width. */
async function drawRow(cells: readonly SheetCell[], totalWidth: number, maximumHeight: number) {
  const width = Math.floor((totalWidth - GAP * (cells.length - 1)) / cells.length);
  const sizes = await Promise.all(cells.map(({ picture }) => sharp(picture).metadata()));
  const heights = sizes.map((size) => Math.round((width * size.height) / size.width));
  const height = Math.min(maximumHeight, ...heights);
  const pictures = await Promise.all(
    cells.map(({ picture }) =>
      sharp(picture).resize(width, height, { fit: 'cover', kernel: 'lanczos3' }).png().toBuffer(),
    ),
  );
  return { width, height, pictures };
}

/**
 * Writes a sheet of rows of captioned pictures.
 * @param outputPath a PNG; overwritten
 */
export async function writeContactSheet(rows: readonly (readonly SheetCell[])[], outputPath: string): Promise<void> {
  const columns = Math.max(...rows.map((row) => row.length));
  const width = columns * CELL_WIDTH + (columns - 1) * GAP;
  const layers: OverlayOptions[] = [];
  let top = GAP;
  for (const cells of rows) {
    const row = await drawRow(cells, width, CELL_HEIGHT);
    cells.forEach((cell, index) => {
      const left = GAP + index * (row.width + GAP);
      layers.push({ input: row.pictures[index]!, left, top });
      layers.push({ input: drawCaption(cell.caption, row.width), left, top: top + row.height });
    });
    top += row.height + CAPTION_HEIGHT + GAP;
  }
  await sharp({ create: { width: width + 2 * GAP, height: top, channels: 3, background: BACKGROUND } })
    .composite(layers)
    .png()
    .toFile(outputPath);
}
