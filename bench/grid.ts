/** Contact sheets of measured pairs. */
import sharp from 'sharp';
import type { RgbImage } from '../src/core/image.ts';
import type { FaceMesh } from '../src/engine/faces/face.ts';
import { faceWidth } from '../src/engine/mesh-swap/geometry.ts';
import type { SwappedPair } from './quality.ts';

/** Edge of a tile in pixels. */
const TILE = 360;
const TRIPLES_A_ROW = 2;
const GAP = 12;
/** Face widths across a tile, and how far below the bridge of the nose its middle lies. */
const TILE_WIDTHS = 1.75;
const MIDDLE_DOWN = 0.08;
const MIDDLE_VERTEX = 6;

/** A PNG tile of the face, 360 pixels wide. */
export function faceTile({ data, width, height }: RgbImage, mesh: FaceMesh): Promise<Buffer> {
  const unit = faceWidth(mesh);
  const size = Math.min(Math.round(unit * TILE_WIDTHS), width, height);
  const start = (middle: number, limit: number): number =>
    Math.max(0, Math.min(limit - size, Math.round(middle - size / 2)));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .extract({
      left: start(mesh[MIDDLE_VERTEX * 3], width),
      top: start(mesh[MIDDLE_VERTEX * 3 + 1] + unit * MIDDLE_DOWN, height),
      width: size,
      height: size,
    })
    .resize(TILE, TILE, { kernel: 'lanczos3' })
    .png()
    .toBuffer();
}

/** Writes source | target | result of every pair, two pairs a row. */
export async function writeGrid(path: string, pairs: readonly SwappedPair[]): Promise<void> {
  const tiles: Buffer[][] = [];
  for (const { source, target, result } of pairs) {
    tiles.push([
      await faceTile(source.image, source.face.mesh),
      await faceTile(target.image, target.mesh),
      await faceTile(result, target.mesh),
    ]);
  }
  await writeTiles(path, tiles, TRIPLES_A_ROW);
}

/** Writes groups of equal tiles, `groupsARow` groups a row. */
export async function writeTiles(
  path: string,
  groups: readonly (readonly Buffer[])[],
  groupsARow: number,
): Promise<void> {
  const perGroup = Math.max(...groups.map((group) => group.length));
  const groupWidth = perGroup * TILE + GAP;
  const layers = groups.flatMap((group, i) =>
    group.map((input, j) => ({
      input,
      left: (i % groupsARow) * groupWidth + j * TILE,
      top: Math.floor(i / groupsARow) * TILE,
    })),
  );
  await sharp({
    create: {
      width: groupWidth * groupsARow,
      height: TILE * Math.ceil(groups.length / groupsARow),
      channels: 3,
      background: 'black',
    },
  })
    .composite(layers)
    .png()
    .toFile(path);
}
