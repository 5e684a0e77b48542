/** Recognisers and embedding converters on graphs whose embedding is read off known pixels. */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import type { I420Frame } from '../../src/core/image.ts';
import { rgbToI420 } from '../../src/core/rgb-to-i420.ts';
import { openRecognizer } from '../../src/engine/faces/open-recognizer.ts';
import { similarity } from '../../src/engine/faces/recognise.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../../src/engine/inference/session.ts';
import { EMBEDDING_CONVERTERS } from '../../src/engine/models/catalogue/embedding-converters.ts';
import { FACE_RECOGNIZERS } from '../../src/engine/models/catalogue/face-recognizers.ts';
import { readSourceIdentity } from '../../src/engine/neural-swap/source-identity.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';

import { type TinyUserModel, writeUserModels } from '../helpers/user-model-folder.ts';

const SIZE = 112;
const LENGTH = 512;
const OFFSET = { x: 12, y: 8 };
const face = alignedFace({ template: 'arcface_112_v2', size: SIZE, ...OFFSET });

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-recognizers-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const openStore = async (models: readonly TinyUserModel[]): Promise<ModelStore> =>
  openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, licensePolicy: 'any' },
    userFolder: await writeUserModels(await mkdtemp(join(root, 'models-')), models),
  });

/** Places of the input tensor that the embedding is made of, all over its three planes. */
const PLACES = Array.from({ length: LENGTH }, (_, at) => (at * 73) % (3 * SIZE * SIZE));

function recognizerOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const flat = graph.node('Reshape', [graph.input('input', [1, 3, SIZE, SIZE]), graph.int64([1, -1])]);
  graph.output('output', graph.node('Gather', [flat, graph.int64(PLACES)], { axis: 1 }), [1, LENGTH]);
  return graph.toBytes();
}

const valueAt = (x: number, y: number, channel: number): number => (x * 3 + y * 5 + channel * 67) % 256;
const photo = pictureOf(140, 130, (x, y, channel) => valueAt(x - OFFSET.x + 300, y - OFFSET.y + 300, channel));
/** What the graph must be given: planes of R, G and B, -1..1. */
const RAW = PLACES.map((place) => {
  const [x, y] = [place % SIZE, Math.floor(place / SIZE) % SIZE];
  return valueAt(x + 300, y + 300, Math.floor(place / SIZE / SIZE)) / 127.5 - 1;
});
const unit = (values: readonly number[]): number[] => values.map((value) => value / Math.hypot(...values));

describe('conformance of face recognisers', () => {
  // Fails for: BGR, another range, template or size, rows for columns, a length that is not 1.
  it.each(FACE_RECOGNIZERS.map(({ id }) => id))('%s: crop, order of colours, range and unit length', async (id) => {
    await using store = await openStore([{ id, bytes: recognizerOnnx() }]);
    const embedder = await openRecognizer(store, id);
    const embedding = await embedder.embed(photo, face.landmarks5);
    expect(embedding).toHaveLength(LENGTH);
    const expected = unit(RAW);
    for (const [at, value] of embedding.entries()) expect(Math.abs(value - expected[at]!), `${at}`).toBeLessThan(1e-3);
  });

  it.each(FACE_RECOGNIZERS.map(({ id }) => id))('%s: a video frame gives what the photo gives', async (id) => {
    await using store = await openStore([{ id, bytes: recognizerOnnx() }]);
    const embedder = await openRecognizer(store, id);
    // Soft, as the colours of a frame have half its size.
    const soft = pictureOf(140, 130, (x, y, channel) => 40 + x + channel * 20 + y / 2);
    const frame: I420Frame = {
      ...{ data: new Uint8Array((140 * 130 * 3) / 2), width: 140, height: 130 },
      colour: { matrix: 'bt709', range: 'full' },
    };
    rgbToI420(soft.data, 140, 130, frame);
    const [a, b] = [await embedder.embed(soft, face.landmarks5), await embedder.embed(frame, face.landmarks5)];
    expect(similarity(a, b)).toBeGreaterThan(0.999);
  });

  it('custom models like one of these are taken, too', async () => {
    await using store = await openStore([{ id: 'custom/mine', like: 'arcface', bytes: recognizerOnnx() }]);
    const embedding = await (await openRecognizer(store, 'custom/mine')).embed(photo, face.landmarks5);
    expect(embedding[3]).toBeCloseTo(unit(RAW)[3]!, 3);
  });
});

describe('conformance of embedding converters', () => {
  const source = { path: 'source.png', image: photo, face };
  /** Reversed and doubled: places and size show. */
  function converterOnnx(): Uint8Array {
    const graph = new OnnxGraph();
    const backwards = graph.int64(Array.from({ length: LENGTH }, (_, at) => LENGTH - 1 - at));
    const turned = graph.node('Gather', [graph.input('input', [1, LENGTH]), backwards], { axis: 1 });
    graph.output('output', graph.node('Mul', [turned, graph.scalar(2)]), [1, LENGTH]);
    return graph.toBytes();
  }
  const TURNED = RAW.toReversed().map((value) => value * 2);

  it.each(EMBEDDING_CONVERTERS.map(({ id }) => id))('%s: takes the raw embedding of arcface', async (converter) => {
    await using store = await openStore([
      { id: 'arcface', bytes: recognizerOnnx() },
      { id: converter, bytes: converterOnnx() },
    ]);
    for (const isUnitLength of [false, true]) {
      const identity = { kind: 'embedding', from: 'converted', converter, isUnitLength } as const;
      const { tensor } = await readSourceIdentity(store, 'any', identity, [source]);
      const expected = isUnitLength ? unit(TURNED) : TURNED;
      expect(tensor.dims).toEqual([1, LENGTH]);
      for (const [at, value] of tensor.data.entries()) expect(value).toBeCloseTo(expected[at]!, 2);
    }
  });
});
