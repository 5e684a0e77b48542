/**
 * Every published background remover on graphs whose answer is known: the whole way from a frame to its alpha. What is
 * expected of each model stands here once more, by itself, so that a wrong line of the catalogue fails.
 */
import { describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import { BACKGROUND_REMOVERS } from '../../src/engine/models/catalogue/background-removers.ts';
import { backgroundRemover } from '../../src/engine/processors/background-remover.ts';
import type { FrameTime, WholePicture } from '../../src/engine/processors/processor.ts';
import { largestDifference, openFrameProcessor, paintPicture } from '../helpers/frame-processors.ts';

type Triple = readonly [number, number, number];
interface Expected {
  readonly size: number;
  readonly mean: Triple;
  readonly deviation: Triple;
}
const model = (size: number, mean: Triple, deviation: Triple = [1, 1, 1]): Expected => ({ size, mean, deviation });
const IMAGENET = [
  [0.485, 0.456, 0.406],
  [0.229, 0.224, 0.225],
] as const;
const EXPECTED: Readonly<Record<string, Expected>> = {
  ben_2: model(1024, [0, 0, 0]),
  birefnet_general: model(1024, [0, 0, 0]),
  birefnet_portrait: model(1024, [0, 0, 0]),
  corridor_key_1024: model(1024, ...IMAGENET),
  corridor_key_2048: model(2048, ...IMAGENET),
  isnet_general: model(1024, [0.5, 0.5, 0.5]),
  modnet: model(512, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]),
  ormbg: model(1024, [0, 0, 0]),
  'rmbg_1.4': model(1024, [0.5, 0.5, 0.5]),
  'rmbg_2.0': model(1024, ...IMAGENET),
  silueta: model(320, ...IMAGENET),
  u2net_cloth: model(768, ...IMAGENET),
  u2net_general: model(320, ...IMAGENET),
  u2net_human: model(320, ...IMAGENET),
  u2netp: model(320, ...IMAGENET),
};
const ENTRIES = BACKGROUND_REMOVERS.map(({ id }) => id);
const MASKS = ENTRIES.filter((id) => !id.startsWith('corridor_key') && id !== 'u2net_cloth');
const KEYED = ENTRIES.filter((id) => id.startsWith('corridor_key'));

const STILL: FrameTime = { frameIndex: 0, timeSeconds: 0, isStill: true };
/** Bytes are cut off, not rounded: half of one keeps arithmetic from falling below a whole number. */
const HALF_BYTE = 0.5 / 255;
/** Neither square nor turned: red grows to the right, green downwards. */
const frame = paintPicture(48, 32, (x, y) => [20 + x * 4, 30 + y * 5, 90]);
const reds = Uint8Array.from({ length: 48 * 32 }, (_, at) => frame.data[at * 3]!);

/** Each output a sum of the picture's own channels, 0..1, and a number: rows of factors, and offsets. */
function mix(
  graph: OnnxGraph,
  input: TensorName,
  { mean, deviation }: Expected,
  rows: readonly (readonly number[])[],
  offsets: readonly number[],
): TensorName {
  const weights = rows.flatMap((row) => row.map((factor, channel) => factor * (deviation[channel] ?? 1)));
  const bias = rows.map(
    (row, at) => offsets[at]! + row.reduce((sum, factor, channel) => sum + factor * (mean[channel] ?? 0), 0),
  );
  return graph.node('Conv', [input, graph.float32(weights, [rows.length, rows[0]!.length, 1, 1]), graph.float32(bias)]);
}

function maskOnnx(wanted: Expected, row: readonly number[], offset = HALF_BYTE): Uint8Array {
  const { size } = wanted;
  const graph = new OnnxGraph();
  const input = graph.input('input', [1, 3, size, size]);
  graph.output('mask', mix(graph, input, wanted, [row], [offset]), [1, 1, size, size]);
  return graph.toBytes();
}

async function remove(
  id: string,
  bytes: Uint8Array,
  picture: WholePicture = frame,
  options: Readonly<Record<string, unknown>> = {},
): Promise<WholePicture> {
  const settings = { backgroundRemoverModel: id, ...options };
  await using opened = await openFrameProcessor(backgroundRemover, settings, [{ id, bytes }]);
  const outcome = await opened.processor.processFrame(picture, [], STILL);
  if (outcome.kind !== 'changed') throw new Error(`Expected a change, received ${outcome.reason}.`);
  return outcome.picture;
}

describe('background removers', () => {
  it('are those that are expected', () => {
    expect([...ENTRIES].sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  // Fails for another channel order, mean, deviation or range, for swapped sides and for a letterbox.
  it.each(MASKS)('%s: a mask that is the red of the frame becomes its alpha', async (id) => {
    const { alpha, data } = await remove(id, maskOnnx(EXPECTED[id]!, [1, 0, 0]));
    expect(largestDifference(alpha!, reds)).toBeLessThanOrEqual(1);
    expect(data).toEqual(frame.data);
  });

  // Fails for a mask that is scaled to its own range, or wraps around.
  it.each(MASKS)('%s: a mask is cut to 0..1', async (id) => {
    const { alpha } = await remove(id, maskOnnx(EXPECTED[id]!, [4, 0, 0], -1));
    const wanted = reds.map((red) => Math.min(255, Math.max(0, red * 4 - 255)));
    // Cut off twice, once by the bytes of the mask, and four times as steep as the frame.
    expect(largestDifference(alpha!, wanted)).toBeLessThanOrEqual(4);
    expect(alpha!.includes(0) && alpha!.includes(255)).toBe(true);
  });

  // Fails for a class that is left out, and for a mask of scores.
  it('u2net_cloth: any class but the first is cloth', async () => {
    const wanted = EXPECTED.u2net_cloth!;
    const { size } = wanted;
    const graph = new OnnxGraph();
    const input = graph.input('input', [1, 3, size, size]);
    const classes = [
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    graph.output('classes', mix(graph, input, wanted, classes, [0.5, 0, 0, 0]), [1, 4, size, size]);
    const quarters = paintPicture(64, 32, (x, y) => [
      x < 16 ? 250 : 10,
      x >= 16 && x < 32 && y < 16 ? 250 : 10,
      x >= 48 ? 250 : 10,
    ]);
    const { alpha } = await remove('u2net_cloth', graph.toBytes(), quarters);
    const at = (x: number, y: number): number => alpha![y * 64 + x]!;
    expect([at(8, 24), at(24, 8), at(24, 24), at(40, 8), at(56, 24)]).toEqual([255, 255, 0, 0, 255]);
  });

  // Fails for a fourth channel that is missing, turned round or normalised, and for colours that are not taken.
  it.each(KEYED)('%s: sees where the screen is, and gives the colours of the front', async (id) => {
    const wanted = EXPECTED[id]!;
    const { size } = wanted;
    const graph = new OnnxGraph();
    const input = graph.input('input', [1, 4, size, size]);
    const colours = [
      [0, 0, 1, 0],
      [0.5, 0, 0, 0],
      [0, 1, 0, 0],
    ];
    graph.output('mask', mix(graph, input, wanted, [[0, 0, 0, 1]], [HALF_BYTE]), [1, 1, size, size]);
    const offsets = [HALF_BYTE, HALF_BYTE, HALF_BYTE];
    graph.output('foreground', mix(graph, input, wanted, colours, offsets), [1, 3, size, size]);
    // Green beyond the others by 0 to 188 of 255.
    const screen = paintPicture(48, 32, (x) => [40, 40 + x * 4, 30]);
    const { alpha, data } = await remove(id, graph.toBytes(), screen);
    const keys = Uint8Array.from({ length: 48 * 32 }, (_, at) => Math.max(0, 255 - 2 * (at % 48) * 4));
    expect(largestDifference(alpha!, keys)).toBeLessThanOrEqual(2);
    const front = paintPicture(48, 32, (x) => [30, 20, 40 + x * 4]);
    expect(largestDifference(data, front.data)).toBeLessThanOrEqual(1);
  });

  it.each(ENTRIES)('%s: leaves a frame alone whose mask is no number', async (id) => {
    const wanted = EXPECTED[id]!;
    const { size } = wanted;
    const graph = new OnnxGraph();
    const channels = KEYED.includes(id) ? 4 : 3;
    const input = graph.input('input', [1, channels, size, size]);
    const none = graph.node('Sqrt', [mix(graph, input, wanted, [[0, 0, 0, 0].slice(0, channels)], [-1])]);
    graph.output('mask', none, [1, 1, size, size]);
    if (channels === 4)
      graph.output('foreground', graph.node('Concat', [none, none, none], { axis: 1 }), [1, 3, size, size]);
    await using opened = await openFrameProcessor(backgroundRemover, { backgroundRemoverModel: id }, [
      { id, bytes: graph.toBytes() },
    ]);
    expect(await opened.processor.processFrame(frame, [], STILL)).toEqual({
      kind: 'left-alone',
      reason: 'invalid-output',
    });
  });
});

describe('what becomes of the background', () => {
  const half = maskOnnx(EXPECTED.u2netp!, [0, 0, 0], 0.5);
  const laid = (value: number, colour: number, opacity: number): number => {
    const share = ((255 - 127) / 255) * (opacity / 255);
    return value * (1 - share) + colour * share;
  };

  it.each([
    ['one value is a grey', [200], [200, 200, 200, 255]],
    ['two values are red and blue alike, and green', [200, 100], [200, 100, 200, 255]],
    ['three values are opaque', [10, 20, 250], [10, 20, 250, 255]],
    ['four values have an opacity', [10, 20, 250, 128], [10, 20, 250, 128]],
  ])('fill colour: %s', async (_, given, [red, green, blue, opacity]) => {
    const { data, alpha } = await remove('u2netp', half, frame, { backgroundRemoverFillColor: given });
    const wanted = Float64Array.from(frame.data, (value, at) => laid(value, [red, green, blue][at % 3]!, opacity!));
    expect(largestDifference(data, wanted)).toBeLessThanOrEqual(1);
    if (opacity === 255) expect(alpha).toBeUndefined();
    else expect(new Set(alpha)).toEqual(new Set([127 + Math.round((128 * 128) / 255)]));
  });

  it('alpha: nothing becomes less transparent than it was', async () => {
    const before = Uint8Array.from({ length: 48 * 32 }, (_, at) => (at % 2 ? 30 : 220));
    const { alpha } = await remove('u2netp', half, { ...frame, alpha: before });
    expect(new Set(alpha)).toEqual(new Set([30, 127]));
  });

  it('despill colour: holds green to the mean of red and blue', async () => {
    const { data } = await remove('u2netp', half, frame, { backgroundRemoverDespillColor: [0, 255, 0, 255] });
    frame.data.forEach((value, at) => {
      const limit = (frame.data[at - 1]! + frame.data[at + 1]!) / 2;
      expect(data[at]).toBe(at % 3 === 1 ? Math.floor(Math.min(value, limit)) : value);
    });
  });

  it('a model of the user’s own keeps the contract of the one it is like', async () => {
    const settings = { backgroundRemoverModel: 'custom/mine' };
    const bytes = maskOnnx(EXPECTED.modnet!, [1, 0, 0]);
    await using opened = await openFrameProcessor(backgroundRemover, settings, [
      { id: 'custom/mine', like: 'modnet', bytes },
    ]);
    const outcome = await opened.processor.processFrame(frame, [], STILL);
    expect(outcome.kind === 'changed' && largestDifference(outcome.picture.alpha!, reds)).toBeLessThanOrEqual(1);
  });
});
