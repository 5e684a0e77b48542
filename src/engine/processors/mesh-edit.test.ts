import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOut, expectGolden } from '../../../test/helpers/golden.ts';
import { readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { RgbImage } from '../../core/image.ts';
import { silentLogger } from '../../core/logger.ts';
import { parseProcessOptions } from '../../core/options.ts';
import { createFaceAnalyser } from '../faces/analyse.ts';
import type { Face } from '../faces/face.ts';
import { findMesh, meshRegionOf } from '../faces/mesh.ts';
import { meshInRegion } from '../faces/mesh-in-region.ts';
import { poseOf } from '../faces/pose.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { measureExpression } from '../mesh-edit/measure-expression.ts';
import { faceWidth } from '../mesh-swap/geometry.ts';
import { expressionRestorer } from './expression-restorer.ts';
import { faceEditor } from './face-editor.ts';
import type { FaceOutcome, FaceProcessor, FrameTime, ProcessorDefinition } from './processor.ts';

let store: ModelStore;
let photo: RgbImage;
let face: Face;

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 2 });
  const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  photo = await readSamplePhoto(6);
  const faces = [...(await analyser.analyse(photo, {}))].sort((a, b) => a.box.x0 - b.box.x0);
  face = faces[0];
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const STILL: FrameTime = { frameIndex: 0, timeSeconds: 0, isStill: true };
type Options = Readonly<Record<string, unknown>>;

const create = (definition: ProcessorDefinition<FaceProcessor>, options: Options = {}): Promise<FaceProcessor> =>
  definition.create({
    ...{ store, sources: [], logger: silentLogger },
    options: parseProcessOptions({ targetPath: 'b', outputPath: 'c', processors: [definition.id], ...options }),
  });

async function step(
  processor: FaceProcessor,
  picture: RgbImage,
  {
    original = picture,
    of = face,
    time = STILL,
  }: { original?: RgbImage; of?: Pick<Face, 'mesh' | 'meshScore'>; time?: FrameTime } = {},
): Promise<{ result: RgbImage; outcome: FaceOutcome }> {
  const result = { ...picture, data: picture.data.slice() };
  const target = { trackId: 0, mesh: of.mesh, meshScore: of.meshScore };
  const region = processor.regionOf(target, result);
  const pixels = processor.takePixels(result, region, original);
  const outcome = await processor.processFace(pixels, { ...target, mesh: meshInRegion(of.mesh, region) }, time);
  if (outcome.kind === 'changed') pixels.writeBack();
  return { result, outcome };
}

const edit = async (options: Options): Promise<RgbImage> => {
  await using processor = await create(faceEditor, options);
  return (await step(processor, photo)).result;
};
const meshIn = async (picture: RgbImage) => (await findMesh(store, picture, meshRegionOf(face.mesh))).mesh;
const measure = async (picture: RgbImage): Promise<Float64Array> => measureExpression(await meshIn(picture));
/** Places in what `measureExpression` gives. */
const [BROW, LID, GAZE_X, CORNER, MOUTH_WIDTH, LIPS] = [0, 2, 4, 8, 10, 11];

/** A square around the face, 1.7 times as wide. */
const portrait = (image: RgbImage): Promise<RgbImage> => {
  const side = Math.round(faceWidth(face.mesh) * 1.7);
  return cutOut(image, {
    left: Math.max(0, Math.round(face.mesh[18] - side / 2)),
    top: Math.max(0, Math.round(face.mesh[19] - side * 0.4)),
    ...{ width: side, height: side },
  });
};

describe('face_editor by the mesh', () => {
  it('leaves every byte with all sliders at 0', async () => {
    expect(Buffer.compare((await edit({})).data, photo.data)).toBe(0);
  });

  // What the mesh model sees in the edited picture, compared with what it sees in the photo.
  it.each([
    ['faceEditorEyebrowDirection', 1, BROW, 0.008],
    ['faceEditorEyebrowDirection', -1, BROW, -0.004],
    ['faceEditorEyeOpenRatio', -1, LID, -0.12],
    ['faceEditorEyeOpenRatio', 1, LID, 0.03],
    ['faceEditorEyeGazeHorizontal', 1, GAZE_X, 0.25],
    ['faceEditorEyeGazeHorizontal', -1, GAZE_X, -0.25],
    ['faceEditorLipOpenRatio', 1, LIPS, 0.025],
    ['faceEditorMouthSmile', 1, CORNER, 0.01],
    ['faceEditorMouthSmile', -1, CORNER, -0.01],
    ['faceEditorMouthPurse', 1, MOUTH_WIDTH, -0.03],
    ['faceEditorMouthPurse', -1, MOUTH_WIDTH, 0.03],
  ] as const)('%s at %i is seen', async (option, slider, place, least) => {
    const [before, after] = [await measure(photo), await measure(await edit({ [option]: slider }))];
    const change = after[place] - before[place];
    expect(Math.sign(change)).toBe(Math.sign(least));
    expect(Math.abs(change)).toBeGreaterThan(Math.abs(least));
  });

  it.each([
    ['faceEditorHeadYaw', 'yawDegrees', 1],
    ['faceEditorHeadPitch', 'pitchDegrees', -1],
    ['faceEditorHeadRoll', 'rollDegrees', 1],
  ] as const)('%s turns the head', async (option, angle, sign) => {
    const before = poseOf(await meshIn(photo))[angle];
    for (const slider of [-1, 1]) {
      const turned = (poseOf(await meshIn(await edit({ [option]: slider })))[angle] - before) * sign * slider;
      expect(turned).toBeGreaterThan(6);
      expect(turned).toBeLessThan(20);
    }
  });

  it('changes nothing far from the face', async () => {
    const result = await edit({ faceEditorMouthSmile: 1, faceEditorHeadYaw: 1, faceEditorHeadRoll: 1 });
    const far = Math.round(face.box.x1 + faceWidth(face.mesh) * 2);
    for (let y = 0; y < photo.height; y += 7) {
      const p = (y * photo.width + far) * 3;
      expect(result.data.subarray(p, p + 30)).toEqual(photo.data.subarray(p, p + 30));
    }
  });

  it('gives the golden picture', async () => {
    const options = { faceEditorEyeOpenRatio: -0.5, faceEditorMouthSmile: 0.8, faceEditorLipOpenRatio: 0.5 };
    const edited = await edit({ ...options, faceEditorEyebrowDirection: 0.5, faceEditorHeadYaw: 0.5 });
    await expectGolden(await portrait(edited), 'face-editor-mesh');
  });

  it('leaves alone what it cannot do well', async () => {
    await using processor = await create(faceEditor, { faceEditorMouthSmile: 1 });
    const small = face.mesh.map((value) => value * 0.1);
    const { outcome } = await step(processor, photo, { of: { mesh: small, meshScore: 1 } });
    expect(outcome).toEqual({ kind: 'left-alone', reason: 'small' });
  });
});

describe('expression_restorer by the mesh', () => {
  const CHANGED = { faceEditorEyeOpenRatio: -0.6, faceEditorMouthPurse: 0.6, faceEditorLipOpenRatio: 0.7 };

  it('leaves every byte of a face that nothing has changed', async () => {
    await using processor = await create(expressionRestorer);
    expect(Buffer.compare((await step(processor, photo)).result.data, photo.data)).toBe(0);
  });

  it('brings eyes and mouth back, and gives the golden picture', async () => {
    const working = await edit(CHANGED);
    await using processor = await create(expressionRestorer, { expressionRestorerFactor: 100 });
    const { result } = await step(processor, working, { original: photo });
    const [wanted, before, after] = [await measure(photo), await measure(working), await measure(result)];
    // What a lid has covered is not in the picture any more, and the model sees that: eyes come back in part.
    for (const [place, share] of [
      [LID, 0.85],
      [LID + 1, 0.9],
      [MOUTH_WIDTH, 0.75],
      [LIPS, 0.75],
    ] as const) {
      expect(Math.abs(after[place] - wanted[place])).toBeLessThan(share * Math.abs(before[place] - wanted[place]));
    }
    await expectGolden(await portrait(result), 'expression-restorer-mesh');
  });

  it('keeps to the areas, and to the factor', async () => {
    const working = await edit(CHANGED);
    const before = await measure(working);
    const restored = async (options: Options): Promise<Float64Array> => {
      await using processor = await create(expressionRestorer, options);
      return measure((await step(processor, working, { original: photo })).result);
    };
    const upper = await restored({ expressionRestorerFactor: 100, expressionRestorerAreas: ['upper-face'] });
    expect(upper[LID] - before[LID]).toBeGreaterThan(0.02);
    expect(Math.abs(upper[LIPS] - before[LIPS])).toBeLessThan(0.006);
    const lower = await restored({ expressionRestorerFactor: 100, expressionRestorerAreas: ['lower-face'] });
    expect(lower[LIPS] - before[LIPS]).toBeLessThan(-0.008);
    expect(Math.abs(lower[LID] - before[LID])).toBeLessThan(0.015);
    await using nothing = await create(expressionRestorer, { expressionRestorerFactor: 0 });
    expect(Buffer.compare((await step(nothing, working, { original: photo })).result.data, working.data)).toBe(0);
  });

  it('goes on from a saved state as if it had not stopped', async () => {
    const working = await edit(CHANGED);
    const at = (frameIndex: number): FrameTime => ({ frameIndex, timeSeconds: frameIndex / 25, isStill: false });
    await using whole = await create(expressionRestorer);
    await step(whole, photo, { time: at(0) });
    const state = whole.save();
    const expected = await step(whole, working, { original: photo, time: at(1) });
    await using resumed = await create(expressionRestorer);
    await resumed.restore(state);
    const got = await step(resumed, working, { original: photo, time: at(1) });
    expect(Buffer.compare(got.result.data, expected.result.data)).toBe(0);
    await using fresh = await create(expressionRestorer);
    const unsmoothed = await step(fresh, working, { original: photo, time: at(1) });
    expect(Buffer.compare(unsmoothed.result.data, expected.result.data)).not.toBe(0);
  });
});
