/** Classifiers of faces on graphs that read age and gender off one pixel of their input. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import { openClassifier } from '../../src/engine/faces/open-classifier.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../../src/engine/inference/session.ts';
import { FACE_CLASSIFIERS } from '../../src/engine/models/catalogue/face-classifiers.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const SIZE = 224;
const OFFSET = { x: 12, y: 8 };
const [PX, PY] = [71, 130];
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
const ENTRIES = FACE_CLASSIFIERS.map(({ id }) => id);
const face = alignedFace({ template: 'arcface_112_v2', size: SIZE, ...OFFSET });

let root: string;
let store: ModelStore;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-classifiers-'));
  await writeUserModels(
    root,
    ENTRIES.map((id) => ({ id, bytes: classifierOnnx() })),
  );
  store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder: root, licensePolicy: 'any' },
  });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

/** Age is a tenth of the red of one pixel, gender a hundredth of its green, the third output a tenth of its blue. */
function classifierOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, 3, SIZE, SIZE]);
  const classOf = (channel: number, step: number): TensorName => {
    const pixel = graph.node('Slice', [
      input,
      graph.int64([channel, PY, PX]),
      graph.int64([channel + 1, PY + 1, PX + 1]),
      graph.int64([1, 2, 3]),
    ]);
    const value = graph.node('Add', [
      graph.node('Mul', [pixel, graph.scalar((255 * DEVIATION[channel]!) / step)]),
      graph.scalar((255 * MEAN[channel]!) / step),
    ]);
    return graph.node('Cast', [graph.node('Round', [graph.node('Reshape', [value, graph.int64([1])])])], { to: 7 });
  };
  graph.output('race_id', classOf(2, 10), [1], 'int64');
  graph.output('gender_id', classOf(1, 100), [1], 'int64');
  graph.output('age_id', classOf(0, 10), [1], 'int64');
  return graph.toBytes();
}

const classify = async (id: string, red: number, green: number, blue = 30) => {
  const colour = [red, green, blue];
  const picture = pictureOf(250, 240, (x, y, channel) =>
    x === PX + OFFSET.x && y === PY + OFFSET.y ? colour[channel]! : 0,
  );
  return (await openClassifier(store, id)).classify(picture, face);
};

describe('conformance of face classifiers', () => {
  const AGES = [0.5, 5.5, 14, 24, 34, 44, 54, 64, 84.5];
  // Fails for: BGR, another mean or deviation, template or size, outputs in another order.
  it.each(ENTRIES)('%s: crop, order of colours, normalisation and every age', async (id) => {
    for (const [age, years] of AGES.entries()) {
      const found = await classify(id, age * 10, 0);
      expect(found).toMatchObject({ ageYears: years, gender: 'male' });
    }
  });

  it.each(ENTRIES)('%s: gender', async (id) => {
    expect((await classify(id, 20, 100)).gender).toBe('female');
    expect((await classify(id, 20, 0)).gender).toBe('male');
  });

  it.each(ENTRIES)('%s: descent is read by nobody', async (id) => {
    expect(await classify(id, 30, 100, 60)).toEqual(await classify(id, 30, 100, 0));
    expect(Object.keys(await classify(id, 30, 100)).toSorted()).toEqual([
      'ageRange',
      'ageYears',
      'gender',
      'genderScore',
    ]);
  });
});
