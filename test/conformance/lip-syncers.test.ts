/**
 * Every published lip syncer on graphs whose answer is known by arithmetic: sound, crop, box, channels, masks, paste.
 * What is expected of each model stands here once more, by itself, so that a wrong line of the catalogue fails.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import type { Face } from '../../src/engine/faces/face.ts';
import { LIP_SYNCERS } from '../../src/engine/models/catalogue/lip-syncers.ts';
import { lipSyncer } from '../../src/engine/processors/lip-syncer.ts';
import { alignedFace, pictureOf } from '../helpers/aligned-face.ts';
import { type FaceModelResult, type FaceModelRun, runFaceModel } from '../helpers/run-face-model.ts';

const EXPECTED: Readonly<Record<string, { readonly type: 'wav2lip' | 'edtalk'; readonly size: number }>> = {
  edtalk_256: { type: 'edtalk', size: 256 },
  wav2lip_96: { type: 'wav2lip', size: 96 },
  wav2lip_gan_96: { type: 'wav2lip', size: 96 },
};
const ENTRIES = LIP_SYNCERS.map(({ id }) => id);
const WAV2LIP = ENTRIES.filter((id) => EXPECTED[id]?.type === 'wav2lip');
const EDTALK = ENTRIES.filter((id) => EXPECTED[id]?.type === 'edtalk');
const CROP = 512;
/** Where the crop lies in the target, and the box of the landmarks in the crop. */
const OFFSET = { x: 16, y: 10 };
const BOX = { x: 200, y: 240, edge: 96 };

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-lips-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A face whose landmarks have a box of 96 pixels, which the hull of the lower face fills but for its rim. */
function face(): Face {
  const [x0, y0] = [OFFSET.x + BOX.x, OFFSET.y + BOX.y];
  const landmarks68 = new Float32Array(136);
  for (let point = 0; point < 68; point++) {
    landmarks68[2 * point] = x0 + BOX.edge / 2;
    landmarks68[2 * point + 1] = y0 + BOX.edge / 2;
  }
  const put = (point: number, x: number, y: number): void => {
    landmarks68[2 * point] = x0 + x;
    landmarks68[2 * point + 1] = y0 + y;
  };
  for (let point = 3; point <= 13; point++) put(point, ((point - 3) / 10) * BOX.edge, BOX.edge);
  for (let point = 31; point <= 35; point++) put(point, ((point - 31) / 4) * BOX.edge, 0);
  return { ...alignedFace({ template: 'ffhq_512', size: CROP, ...OFFSET }), landmarks68 };
}

/** A model whose picture, 0..1, is made of its inputs. */
function lipOnnx(
  id: string,
  paint: (graph: OnnxGraph, inputs: { source: TensorName; target: TensorName; weight: TensorName }) => TensorName,
): Uint8Array {
  const { type, size } = EXPECTED[id]!;
  const graph = new OnnxGraph();
  const inputs = {
    source: graph.input('source', [1, 1, 80, 16]),
    target: graph.input('target', [1, type === 'wav2lip' ? 6 : 3, size, size]),
    weight: type === 'edtalk' ? graph.input('weight', [1]) : '',
  };
  graph.output('output', graph.node('Identity', [paint(graph, inputs)]), [1, 3, size, size]);
  return graph.toBytes();
}

const pattern = (x: number, y: number, channel: number): number => 20 + ((x * 7 + y * 13 + channel * 41) % 200);
const slope = (x: number, y: number, channel: number): number => 30 + 40 * channel + x / 10 + y / 8;
const target = pictureOf(CROP + 30, CROP + 26, pattern);
const smooth = pictureOf(CROP + 30, CROP + 26, slope);

const RATE = 48_000;
/** Silence but for a tone of 2000 Hz from one second to two: bin 100 of 800 at 16 kHz. */
const samples = new Int16Array(2 * 3 * RATE);
for (let n = RATE; n < 2 * RATE; n++) {
  samples[2 * n] = samples[2 * n + 1] = Math.round(8000 * Math.sin((2 * Math.PI * 2000 * n) / RATE));
}
const audio = { path: 'tone.wav', samples };

const run = (id: string, bytes: Uint8Array, rest: Partial<FaceModelRun> = {}): Promise<FaceModelResult> =>
  runFaceModel({
    ...{ processor: lipSyncer, models: [{ id, bytes }], root, target, face: face(), audio },
    ...rest,
    options: { processors: ['lip_syncer'], lipSyncerModel: id, ...rest.options },
  });

const at = ({ data, width }: RgbImage, x: number, y: number, channel: number): number =>
  data[((OFFSET.y + y) * width + OFFSET.x + x) * 3 + channel]!;
/** What is behind the point of a byte is cut off, so that one level more or less is none. */
const ONE_LEVEL = 1.05;
/** Pixels of the box beside its middle which the mask has at 1: it is blurred by sigma 5, of which half a kernel is 20. */
const RIM = 24;

it('has an expectation for every entry', () => {
  expect(ENTRIES).toEqual(Object.keys(EXPECTED));
});

describe('conformance of lip syncers', () => {
  // Fails for: RGB for BGR on either side, a box of another place or size, the wrong half hidden or none, hidden channels
  // behind the others, a crop that is not laid back where it was.
  it.each(WAV2LIP)('%s: six channels in, three out', async (id) => {
    for (let channel = 0; channel < 6; channel++) {
      const bytes = lipOnnx(id, (graph, inputs) => {
        const one = graph.node('Gather', [inputs.target, graph.int64([channel])], { axis: 1 });
        const gains = graph.float32([0.25, 0.5, 1], [1, 3, 1, 1]);
        return graph.node('Mul', [graph.node('Tile', [one, graph.int64([1, 3, 1, 1])]), gains]);
      });
      const { results, outcomes } = await run(id, bytes);
      expect(outcomes).toEqual([{ kind: 'changed' }]);
      let worst = 0;
      for (let y = RIM; y < BOX.edge - RIM; y++) {
        for (let x = RIM; x < BOX.edge - RIM; x++) {
          const before = at(target, BOX.x + x, BOX.y + y, 2 - (channel % 3));
          const seen = channel < 3 && y >= 48 ? 0 : before;
          for (const [out, gain] of [1, 0.5, 0.25].entries()) {
            worst = Math.max(worst, Math.abs(at(results[0]!, BOX.x + x, BOX.y + y, out) - Math.floor(seen * gain)));
          }
        }
      }
      expect(worst).toBeLessThanOrEqual(ONE_LEVEL);
    }
  });

  // Fails for: a mask of other areas than the lower face, or none.
  it.each(WAV2LIP)('%s: only the lower face changes, whatever areas are chosen', async (id) => {
    const white = lipOnnx(id, (graph, { target: input }) => {
      const three = graph.node('Slice', [input, graph.int64([0]), graph.int64([3]), graph.int64([1])]);
      return graph.node('Add', [graph.node('Mul', [three, graph.scalar(0)]), graph.scalar(1)]);
    });
    const { results } = await run(id, white, { options: { faceMaskTypes: ['area'], faceMaskAreas: ['mouth'] } });
    const middle = BOX.x + 48;
    expect(at(results[0]!, middle, BOX.y + 48, 0)).toBeGreaterThanOrEqual(254);
    for (const [x, y] of [
      [middle, BOX.y - 20],
      [middle, BOX.y + BOX.edge + 20],
      [BOX.x - 20, BOX.y + 48],
      [BOX.x + BOX.edge + 20, BOX.y + 48],
    ] as const) {
      for (let channel = 0; channel < 3; channel++) {
        expect(at(results[0]!, x, y, channel)).toBe(at(target, x, y, channel));
      }
    }
  });

  // Fails for: BGR, another range or template, nearest or bilinear for cubic, a picture that is turned.
  it.each(EDTALK)('%s: crop, normalisation and paste', async (id) => {
    const gains = [1, 0.5, 0.25];
    const bytes = lipOnnx(id, (graph, inputs) =>
      graph.node('Mul', [
        inputs.target,
        graph.node('Add', [graph.float32(gains, [1, 3, 1, 1]), graph.node('Mul', [inputs.weight, graph.scalar(0)])]),
      ]),
    );
    const { results } = await run(id, bytes, { target: smooth });
    let worst = 0;
    for (let y = 4; y < CROP - 4; y++) {
      for (let x = 4; x < CROP - 4; x++) {
        for (const [channel, gain] of gains.entries()) {
          const expected = slope(OFFSET.x + x, OFFSET.y + y, channel) * gain;
          worst = Math.max(worst, Math.abs(at(results[0]!, x, y, channel) - expected));
        }
      }
    }
    // The picture was cut to bytes, and is cut and rounded once more on the way.
    expect(worst).toBeLessThanOrEqual(2 * ONE_LEVEL);
    // Outside of the crop nothing is touched.
    const above = OFFSET.y * smooth.width * 3;
    expect(Buffer.compare(results[0]!.data.subarray(0, above), smooth.data.subarray(0, above))).toBe(0);
  });

  // Fails for: a weight that is not passed on.
  it.each(EDTALK)('%s: weight', async (id) => {
    const bytes = lipOnnx(id, (graph, inputs) =>
      graph.node('Add', [graph.node('Mul', [inputs.target, graph.scalar(0)]), inputs.weight]),
    );
    const { results } = await run(id, bytes, { options: { lipSyncerWeight: 0.7 } });
    expect(Math.abs(at(results[0]!, 256, 256, 1) - 0.7 * 255)).toBeLessThanOrEqual(ONE_LEVEL);
  });

  // Fails for: sound at 48 kHz taken for 16, bands and columns exchanged, a frame that hears another time, another
  // range, a weight that does not scale Wav2Lip's sound, or does EDTalk's.
  it.each(ENTRIES)('%s: sound at the time of the frame', async (id) => {
    const { size, type } = EXPECTED[id]!;
    // The sound, from the middle of the picture on: a band a row, a column a column; a level is 0.5 + level / 8.
    const first = type === 'wav2lip' ? 8 : 80;
    const bytes = lipOnnx(id, (graph, { source, weight }) => {
      const scaled = graph.node('Add', [graph.node('Mul', [source, graph.scalar(1 / 8)]), graph.scalar(0.5)]);
      const wide = graph.node('Resize', [scaled, '', '', graph.int64([1, 1, 80, 64])], {
        ...{ mode: 'nearest', nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' },
      });
      const pads = [0, 0, first, 16, 0, 0, size - 80 - first, size - 80];
      const padded = graph.node('Pad', [wide, graph.int64(pads)]);
      const tiled = graph.node('Tile', [padded, graph.int64([1, 3, 1, 1])]);
      return weight === '' ? tiled : graph.node('Add', [tiled, graph.node('Mul', [weight, graph.scalar(0)])]);
    });
    const times = [0.2, 1.4, 0.9, 2.5];
    const { results } = await run(id, bytes, { times, options: { lipSyncerWeight: 0.25 } });
    const gain = type === 'wav2lip' ? 0.5 : 1;
    /** Level of a band and column of the sound, as the picture shows it. */
    const shown = (frame: number, band: number, column: number): number => {
      const [x, y] = [16 + 4 * column + 1.5, first + band];
      const [left, top] =
        type === 'wav2lip' ? [BOX.x + Math.floor(x), BOX.y + y] : [Math.floor(2 * x + 0.5), 2 * y + 1];
      return (at(results[frame]!, left, top, 1) / 255 - 0.5) * 8;
    };
    const silence = -4 * gain;
    // Bin 100 lies with its neighbours in band 47; half of a tone is in its own bin, a quarter in either neighbour.
    const { band, level } = loudestBand();
    const expected = level * gain;
    // Two bytes' worth of levels, and the blur of EDTalk's cubic sampling next to silent bands.
    const tolerance = type === 'wav2lip' ? 0.08 : 1.2;
    const columns = [5, 8, 11];
    for (const column of columns) {
      expect(Math.abs(shown(0, band, column) - silence)).toBeLessThan(0.08);
      expect(Math.abs(shown(1, band, column) - expected)).toBeLessThan(tolerance);
      expect(shown(1, band - 12, column)).toBeLessThan(expected - 1.5 * gain);
      expect(Math.abs(shown(3, band, column) - silence)).toBeLessThan(0.08);
    }
    // At 0.9 seconds the tone begins in column 8; a window of 800 samples blurs that over two columns on either side.
    expect(Math.abs(shown(2, band, 5) - silence)).toBeLessThan(0.08);
    expect(Math.abs(shown(2, band, 11) - expected)).toBeLessThan(tolerance);
  });

  // Fails for: a black face where a model gives no picture.
  it.each(ENTRIES)('%s: an output that is not finite leaves the face alone', async (id) => {
    const bytes = lipOnnx(id, (graph, inputs) => {
      const three = graph.node('Slice', [inputs.target, graph.int64([0]), graph.int64([3]), graph.int64([1])]);
      const none = graph.node('Mul', [three, graph.scalar(0)]);
      return graph.node('Div', [none, none]);
    });
    const { results, outcomes } = await run(id, bytes);
    expect(outcomes).toEqual([{ kind: 'left-alone', reason: 'invalid-output' }]);
    expect(Buffer.compare(results[0]!.data, target.data)).toBe(0);
  });
});

/** Which band hears the tone of 2000 Hz, and how loud: by HTK's scale, in triangles that lie side by side. */
function loudestBand(): { band: number; level: number } {
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700);
  const edge = (index: number): number => {
    const place = mel(55) + ((mel(7600) - mel(55)) * index) / 81;
    return Math.floor((801 * 700 * (10 ** (place / 2595) - 1)) / 16_000);
  };
  const omega = (2 * Math.PI * 100) / 800;
  // The tone is as loud as can be after it was made so; then it is pre-emphasised.
  const loudness = Math.hypot(1 - 0.97 * Math.cos(omega), 0.97 * Math.sin(omega));
  let best = { band: 0, level: Number.NEGATIVE_INFINITY };
  for (let band = 0; band < 80; band++) {
    const [start, end] = [edge(band), edge(band + 1)];
    const width = end - start;
    let sum = 0;
    for (let bin = start; bin < end; bin++) {
      const place = Math.min(bin - start, end - 1 - bin);
      const weight = width % 2 === 0 ? (2 * place + 1) / width : (2 * place + 2) / (width + 1);
      sum += weight * loudness * (bin === 100 ? 0.5 : Math.abs(bin - 100) === 1 ? 0.25 : 0);
    }
    const level = Math.log10(Math.max(1e-5, sum)) * 1.6 + 3.2;
    if (level > best.level) best = { band, level };
  }
  return best;
}
