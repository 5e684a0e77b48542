/** Every published face enhancer on graphs whose answer is known by arithmetic: crop, normalisation, rounding, blend. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import type { WarpTemplate } from '../../src/engine/frames/warp-templates.ts';
import { FACE_ENHANCERS } from '../../src/engine/models/catalogue/face-enhancers.ts';
import { faceEnhancer } from '../../src/engine/processors/face-enhancer.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';
import { runFaceModel } from '../helpers/run-face-model.ts';

/** What is expected of each stands here once more, so that a wrong line of the catalogue fails. */
const EXPECTED: Readonly<Record<string, readonly [size: number, template: WarpTemplate]>> = {
  codeformer: [512, 'ffhq_512'],
  'gfpgan_1.2': [512, 'ffhq_512'],
  'gfpgan_1.3': [512, 'ffhq_512'],
  'gfpgan_1.4': [512, 'ffhq_512'],
  gpen_bfr_256: [256, 'arcface_128'],
  gpen_bfr_512: [512, 'ffhq_512'],
  gpen_bfr_1024: [1024, 'ffhq_512'],
  gpen_bfr_2048: [2048, 'ffhq_512'],
  restoreformer_plus_plus: [512, 'ffhq_512'],
};
const ENTRIES = FACE_ENHANCERS.map(({ id }) => id);
/** What does not depend on the size is not tried with the slow ones. */
const QUICK = ENTRIES.filter((id) => (EXPECTED[id]?.[0] ?? 0) <= 512);
const OFFSET = { x: 8, y: 6 };
const EDGE = 10;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-enhancers-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A model whose picture, -1..1, is made of its inputs. */
function enhancerOnnx(id: string, paint: (graph: OnnxGraph, picture: TensorName, weight: TensorName) => TensorName) {
  const size = EXPECTED[id]![0];
  const shape = [1, 3, size, size];
  const graph = new OnnxGraph();
  const picture = graph.input('input', shape);
  // ONNX numbers its types: 1 is float32.
  const weight =
    id === 'codeformer' ? graph.node('Cast', [graph.input('weight', [1], 'float64')], { to: 1 }) : graph.float32([0.5]);
  graph.output('output', graph.node('Identity', [paint(graph, picture, weight)]), shape);
  return graph.toBytes();
}

async function run(id: string, bytes: Uint8Array, options: object = {}) {
  const [size, template] = EXPECTED[id]!;
  const target = pictureOf(
    size + 20,
    size + 14,
    (x, y, channel) => (40 + 50 * channel + (x * 60) / size + (y * 40) / size) | 0,
  );
  const face = { ...alignedFace({ template, size, ...OFFSET }), landmarks68: new Float32Array(136) };
  const { results, outcomes } = await runFaceModel({
    ...{ processor: faceEnhancer, models: [{ id, bytes }], root, target, face },
    options: {
      ...{ processors: ['face_enhancer'], faceEnhancerModel: id, faceEnhancerBlend: 100, faceMaskBlur: 0 },
      ...options,
    },
  });
  return { size, target, result: results[0]!, outcome: outcomes[0]! };
}

/** Largest difference to what a pixel should be, well inside the crop. */
function worst(result: RgbImage, target: RgbImage, size: number, expected: (value: number, channel: number) => number) {
  let largest = 0;
  for (let y = EDGE; y < size - EDGE; y += 7) {
    for (let x = EDGE; x < size - EDGE; x += 5) {
      const at = ((OFFSET.y + y) * result.width + OFFSET.x + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        largest = Math.max(
          largest,
          Math.abs(result.data[at + channel]! - Math.round(expected(target.data[at + channel]!, channel))),
        );
      }
    }
  }
  return largest;
}

it('has an expectation for every entry', () => {
  expect(ENTRIES).toEqual(Object.keys(EXPECTED));
});

describe('conformance of face enhancers', () => {
  it.each(QUICK)('%s: a model that changes nothing changes nothing', async (id) => {
    const { result, target, size, outcome } = await run(
      id,
      enhancerOnnx(id, (_, picture) => picture),
    );
    expect(outcome).toEqual({ kind: 'changed' });
    expect(worst(result, target, size, (value) => value)).toBeLessThanOrEqual(1);
  });

  // Fails for: BGR, 0..1 or 0..255 instead of -1..1, another layout.
  it.each(ENTRIES)('%s: order of colours, and range', async (id) => {
    const gains = [0.5, 0.25, 0.125];
    const bytes = enhancerOnnx(id, (graph, picture) =>
      graph.node('Mul', [picture, graph.float32(gains, [1, 3, 1, 1])]),
    );
    const { result, target, size } = await run(id, bytes);
    const expected = (value: number, channel: number) => ((value / 127.5 - 1) * gains[channel]! + 1) * 127.5;
    expect(worst(result, target, size, expected)).toBeLessThanOrEqual(1);
  });

  it.each(QUICK)('%s: values outside of the range are cut, and the blend is of the whole', async (id) => {
    const bytes = enhancerOnnx(id, (graph, picture) => graph.node('Add', [picture, graph.scalar(5)]));
    const { result, target, size } = await run(id, bytes, { faceEnhancerBlend: 40 });
    expect(worst(result, target, size, (value) => value * 0.6 + 255 * 0.4)).toBeLessThanOrEqual(1);
  });

  it.each(QUICK)('%s: a picture that is none leaves the face alone', async (id) => {
    const bytes = enhancerOnnx(id, (graph, picture) =>
      graph.node('Log', [graph.node('Sub', [picture, graph.scalar(3)])]),
    );
    const { result, target, outcome } = await run(id, bytes);
    expect(outcome).toEqual({ kind: 'left-alone', reason: 'invalid-output' });
    expect(Buffer.compare(result.data, target.data)).toBe(0);
  });

  it('codeformer: the weight, as a double', async () => {
    const bytes = enhancerOnnx('codeformer', (graph, picture, weight) =>
      graph.node('Add', [
        graph.node('Mul', [picture, graph.scalar(0)]),
        graph.node('Reshape', [weight, graph.int64([1, 1, 1, 1])]),
      ]),
    );
    const { result, target, size } = await run('codeformer', bytes, { faceEnhancerWeight: 0.75 });
    expect(worst(result, target, size, () => 1.75 * 127.5)).toBeLessThanOrEqual(1);
  });
});
