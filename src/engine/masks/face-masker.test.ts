import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ellipticMesh } from '../../../test/helpers/elliptic-mesh.ts';
import { readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { RgbImage } from '../../core/image.ts';
import { parseProcessOptions } from '../../core/options.ts';
import { createFaceAnalyser } from '../faces/analyse.ts';
import type { Face } from '../faces/face.ts';
import { cropMatrix, warpCrop } from '../frames/face-crop.ts';
import type { Affine } from '../frames/similarity.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { landmarksInCrop } from '../processors/crop-processor.ts';
import { type CropLandmarks, type FaceMasker, openFaceMasker } from './face-masker.ts';

const SIZE = 256;
let store: ModelStore;
let crop: RgbImage;
let at: CropLandmarks;

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  const image = await readSamplePhoto(6);
  const [face] = (await analyser.analyse(image, {})) as [Face];
  const matrix = cropMatrix(face.landmarks5, 'ffhq_512', SIZE);
  crop = warpCrop(image, matrix, SIZE);
  at = landmarksInCrop({ ...face, trackId: 0 }, matrix);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const open = (options: Readonly<Record<string, unknown>>): Promise<FaceMasker> =>
  openFaceMasker(store, parseProcessOptions({ sourcePaths: ['a'], targetPath: 'b', outputPath: 'c', ...options }));

/** The value at the middle of some vertices. */
const valueAt = (mask: Float32Array, mesh: Float32Array, ...vertices: number[]): number => {
  const middle = (axis: number): number =>
    Math.round(vertices.reduce((sum, vertex) => sum + mesh[vertex * 3 + axis]! / vertices.length, 0));
  return mask[middle(1) * SIZE + middle(0)]!;
};
const [LEFT_EYE, RIGHT_EYE, LEFT_BROW, RIGHT_BROW] = [
  [159, 145],
  [386, 374],
  [105, 52],
  [334, 282],
] as const;
const [NOSE, UPPER_LIP, LOWER_LIP, CHEEK] = [[5], [0, 13], [14, 17], [50]] as const;

describe('the mask of parts that are read off the mesh', () => {
  const mask = async (...faceMaskRegions: string[]): Promise<(vertices: readonly number[]) => number> => {
    const masker = await open({ faceMaskTypes: ['region'], faceMaskRegions });
    const values = await masker.after(crop, at, { types: ['region'], usePadding: true });
    return (vertices) => valueAt(values!, at.mesh, ...vertices);
  };

  it('has each part, and not its neighbours', async () => {
    const eye = await mask('left-eye');
    expect(eye(LEFT_EYE)).toBeGreaterThan(0.7);
    for (const other of [RIGHT_EYE, LEFT_BROW, NOSE, CHEEK]) expect(eye(other)).toBeLessThan(0.1);
    const brow = await mask('right-eyebrow');
    expect(brow(RIGHT_BROW)).toBeGreaterThan(0.6);
    expect(brow(LEFT_BROW)).toBe(0);
    const lip = await mask('upper-lip');
    expect(lip(UPPER_LIP)).toBeGreaterThan(0.6);
    expect(lip(LOWER_LIP)).toBeLessThan(0.4);
    expect((await mask('lower-lip'))(LOWER_LIP)).toBeGreaterThan(0.6);
    const nose = await mask('nose');
    expect(nose(NOSE)).toBe(1);
    expect(nose(CHEEK)).toBe(0);
    const skin = await mask('skin');
    expect(skin(CHEEK)).toBeCloseTo(1, 3);
    expect(skin(NOSE)).toBe(0);
    expect(skin(LEFT_EYE)).toBeLessThan(0.3);
  });

  it('has no gaps where every part is wanted', async () => {
    const all = await mask(
      'skin',
      'left-eyebrow',
      'right-eyebrow',
      'left-eye',
      'right-eye',
      'nose',
      'mouth',
      'upper-lip',
      'lower-lip',
    );
    const parts = [LEFT_EYE, RIGHT_EYE, LEFT_BROW, RIGHT_BROW, NOSE, UPPER_LIP, LOWER_LIP, CHEEK, [13, 14]];
    for (const part of parts) expect(all(part)).toBeCloseTo(1, 3);
  });
});

describe('the built-in occlusion mask', () => {
  const occlusion = { types: ['occlusion'], usePadding: true } as const;

  it('is the outline of the face, up to the hairline, with a soft edge', async () => {
    const masker = await open({ faceMaskTypes: ['occlusion'] });
    const mask = (await masker.before(crop, at, occlusion))!;
    for (const part of [LEFT_EYE, RIGHT_EYE, NOSE, LOWER_LIP, CHEEK, [151]])
      expect(valueAt(mask, at.mesh, ...part)).toBe(1);
    expect(valueAt(mask, at.mesh, 10)).toBeGreaterThan(0.5);
    expect(mask[0]).toBe(0);
    expect(mask[SIZE * SIZE - 1]).toBe(0);
    expect(mask.some((value) => value > 0.2 && value < 0.8)).toBe(true);
  });

  it('leaves out a hand that is found in the picture', async () => {
    const image = await readSamplePhoto(2);
    // A hand of that photo; the face is made up.
    const [x, y] = [414, 1132];
    const toCrop: Affine = [0.6, 0, SIZE / 2 - 0.6 * x, 0, 0.6, SIZE / 2 - 0.6 * y];
    const mesh = ellipticMesh({ centreX: SIZE / 2, centreY: SIZE / 2, width: 170 });
    const bounds = { x0: x - 150, y0: y - 190, x1: x + 150, y1: y + 190 };
    const scene = { picture: image, toCrop, bounds, trackId: 0, timeSeconds: 0 };
    const inPicture = warpCrop(image, toCrop, SIZE);
    const masker = await open({ faceMaskTypes: ['occlusion'] });
    const free = (await masker.before(inPicture, { landmarks68: at.landmarks68, mesh }, occlusion))!;
    const covered = (await masker.before(inPicture, { landmarks68: at.landmarks68, mesh, scene }, occlusion))!;
    // The hand is brighter than what is behind it, and left of the knee.
    let hand = 0;
    let kept = 0;
    for (let i = 0; i < free.length; i++) {
      if (free[i]! < 0.99 || inPicture.data[i * 3]! < 130 || i % SIZE > 140) continue;
      hand++;
      if (covered[i]! < 0.2) kept++;
    }
    expect(hand).toBeGreaterThan(1000);
    expect(kept / hand).toBeGreaterThan(0.8);
    const sum = (mask: Float32Array): number => mask.reduce((total, value) => total + value, 0);
    expect(sum(covered)).toBeGreaterThan(0.3 * sum(free));

    // What one masker has seen, another goes on with.
    const second = await open({ faceMaskTypes: ['occlusion'] });
    await second.restore(structuredClone(masker.save()));
    const next = { ...scene, timeSeconds: 0.04 };
    const [one, two] = [masker, second].map((each) =>
      each.before(inPicture, { landmarks68: at.landmarks68, mesh, scene: next }, occlusion),
    );
    expect(Buffer.compare(Buffer.from((await one)!.buffer), Buffer.from((await two)!.buffer))).toBe(0);
    masker.forget(0);
    expect(masker.save()).toEqual(new Map());
  });
});
