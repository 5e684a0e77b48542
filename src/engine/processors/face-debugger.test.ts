import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOut, expectGolden } from '../../../test/helpers/golden.ts';
import { readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { RgbImage } from '../../core/image.ts';
import { silentLogger } from '../../core/logger.ts';
import { parseProcessOptions } from '../../core/options.ts';
import { createFaceAnalyser } from '../faces/analyse.ts';
import type { Face } from '../faces/face.ts';
import { landmarks5Of68 } from '../faces/landmarks.ts';
import { meshInRegion, pointsInRegion } from '../faces/mesh-in-region.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { faceDebugger } from './face-debugger.ts';
import type { TargetFace } from './processor.ts';

let store: ModelStore;
let photo: RgbImage;
let face: Face;

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  photo = await readSamplePhoto(6, 960);
  const faces = await analyser.analyse(photo, {});
  face = faces.toSorted((a, b) => a.box.x0 - b.box.x0)[0]!;
});
afterAll(() => store[Symbol.asyncDispose]());

async function draw(items: readonly string[], given: Partial<TargetFace> = {}): Promise<RgbImage> {
  const options = parseProcessOptions({
    ...{ targetPath: 'a', outputPath: 'b', processors: ['face_debugger'], faceDebuggerItems: items },
  });
  await using processor = await faceDebugger.create({ store, options, sources: [], logger: silentLogger });
  const picture = { ...photo, data: photo.data.slice() };
  const target: TargetFace = { trackId: 7, mesh: face.mesh, meshScore: face.meshScore, score: face.score, ...given };
  const region = processor.regionOf(target, picture);
  const pixels = processor.takePixels(picture, region);
  const inRegion = {
    ...{ ...target, mesh: meshInRegion(target.mesh, region) },
    ...(target.landmarks5 ? { landmarks5: pointsInRegion(target.landmarks5, region) } : {}),
    ...(target.landmarks68 ? { landmarks68: pointsInRegion(target.landmarks68, region) } : {}),
  };
  const outcome = await processor.processFace(pixels, inRegion, { frameIndex: 0, timeSeconds: 0, isStill: true });
  expect(outcome).toEqual({ kind: 'changed' });
  pixels.writeBack();
  return picture;
}

const colourAt = ({ data, width }: RgbImage, x: number, y: number): number[] => {
  const at = (Math.round(y) * width + Math.round(x)) * 3;
  return [...data.subarray(at, at + 3)];
};
const changedBytes = (image: RgbImage): number =>
  image.data.reduce((n, v, at) => n + (v === photo.data[at] ? 0 : 1), 0);

describe('face_debugger', () => {
  it('gives the golden picture', async () => {
    const image = await draw([
      'bounding-box',
      'face-landmark-5/68',
      'face-landmark-68',
      'face-mask',
      'track-id',
      'score',
    ]);
    const { x0, y0, x1, y1 } = face.box;
    const cut = { left: x0 - 40, top: Math.max(0, y0 - 60), width: x1 - x0 + 80, height: y1 - y0 + 100 };
    await expectGolden(await cutOut(image, cut), 'face-debugger');
  });

  it.each(faceDebugger.options.faceDebuggerItems!.parse(undefined) as string[])('draws %s by default', async (item) => {
    expect(changedBytes(await draw([item]))).toBeGreaterThan(100);
  });

  it.each(['bounding-box', 'face-landmark-5', 'face-landmark-68/5', 'face-mesh', 'track-id', 'score', 'age', 'gender'])(
    'draws %s',
    async (item) => {
      expect(changedBytes(await draw([item]))).toBeGreaterThan(100);
    },
  );

  it('shows landmarks of a landmarker in place of those of the mesh', async () => {
    const landmarks68 = face.landmarks68.map((value) => value + 12);
    const image = await draw(['face-landmark-5/68', 'face-landmark-5'], {
      landmarks68,
      landmarks5: landmarks5Of68(face.landmarks68),
    });
    const five = landmarks5Of68(landmarks68);
    expect(colourAt(image, five[4]!, five[5]!)).toEqual([80, 255, 110]);
    expect(colourAt(image, five[4]! - 12, five[5]! - 12)).toEqual([255, 190, 60]);
  });

  it('puts the mean face onto the five points', async () => {
    const points = await draw(['face-landmark-68/5']);
    // The corner of the mouth is one of both.
    const [x, y] = [face.landmarks5[6]!, face.landmarks5[7]!];
    const near = [-4, -2, 0, 2, 4].flatMap((dy) => [-6, -3, 0, 3, 6].map((dx) => colourAt(points, x + dx, y + dy)));
    expect(near).toContainEqual([255, 190, 60]);
  });
});
