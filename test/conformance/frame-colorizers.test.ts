/** Every published frame colourizer on graphs whose answer is known, from a frame to its colours. */
import { describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { FRAME_COLORIZERS } from '../../src/engine/models/catalogue/frame-colorizers.ts';
import { frameColorizer } from '../../src/engine/processors/frame-colorizer.ts';
import type { FrameOutcome, FrameTime } from '../../src/engine/processors/processor.ts';
import { largestDifference, openFrameProcessor, paintPicture } from '../helpers/frame-processors.ts';

const EXPECTED: Readonly<Record<string, 'ddcolor' | 'deoldify'>> = {
  ddcolor: 'ddcolor',
  ddcolor_artistic: 'ddcolor',
  deoldify: 'deoldify',
  deoldify_artistic: 'deoldify',
  deoldify_stable: 'deoldify',
};
const ENTRIES = FRAME_COLORIZERS.map(({ id }) => id);
const DDCOLOR = ENTRIES.filter((id) => EXPECTED[id] === 'ddcolor');
const DEOLDIFY = ENTRIES.filter((id) => EXPECTED[id] === 'deoldify');
const STILL: FrameTime = { frameIndex: 0, timeSeconds: 0, isStill: true };

/** L*, a* and b* of known colours under D65, by the definition; see also brucelindbloom.com. */
const LAB: Readonly<
  Record<string, { rgb: readonly [number, number, number]; lab: readonly [number, number, number] }>
> = {
  red: { rgb: [255, 0, 0], lab: [53.24, 80.09, 67.2] },
  green: { rgb: [0, 255, 0], lab: [87.73, -86.18, 83.18] },
  blue: { rgb: [0, 0, 255], lab: [32.3, 79.19, -107.86] },
  skin: { rgb: [224, 172, 140], lab: [74.35, 14.81, 23.81] },
};

const OPEN = ['n', 3, 'h', 'w'] as const;

/** Each output channel a sum of the three input channels, and a number. */
function mixing(
  rows: readonly (readonly number[])[],
  offsets: readonly number[],
  shape: readonly (number | string)[] = OPEN,
): Uint8Array {
  const graph = new OnnxGraph();
  const weights = graph.float32(rows.flat(), [rows.length, 3, 1, 1]);
  const out = graph.node('Conv', [graph.input('input', shape), weights, graph.float32(offsets)]);
  graph.output('output', out, [shape[0]!, rows.length, shape[2]!, shape[3]!]);
  return graph.toBytes();
}

async function colour(
  id: string,
  bytes: Uint8Array,
  picture: RgbImage,
  options: Readonly<Record<string, unknown>> = {},
): Promise<FrameOutcome> {
  await using opened = await openFrameProcessor(frameColorizer, { frameColorizerModel: id, ...options }, [
    { id, bytes },
  ]);
  return await opened.processor.processFrame(picture, [], STILL);
}

const pixelsOf = (outcome: FrameOutcome): Uint8Array => {
  if (outcome.kind !== 'changed') throw new Error(`Expected a change, received ${outcome.reason}.`);
  return outcome.picture.data;
};

const plain = (rgb: readonly [number, number, number]): RgbImage => paintPicture(20, 12, () => rgb);

describe('frame colourizers', () => {
  it('are those that are expected', () => {
    expect([...ENTRIES].sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  // Fails for a and b that are swapped, scaled or shifted, and for a lightness that is not that of the frame.
  describe.each(DDCOLOR)('%s', (id) => {
    it.each(Object.entries(LAB))(`${id}: a and b of %s on its lightness give it back`, async (_, { rgb, lab }) => {
      const [, a, b] = lab;
      const none = [0, 0, 0];
      const made = pixelsOf(await colour(id, mixing([none, none], [a, b]), plain(rgb)));
      expect(largestDifference(made, plain(rgb).data)).toBeLessThanOrEqual(1);
    });
  });

  // Fails for a range of 0..255, for colour that gets in, and for sides that are swapped.
  it.each(DDCOLOR)('%s: sees the grey of the frame, 0..1', async (id) => {
    // a* is the grey times 100, less 50: what is seen can be read off.
    const seen = mixing(
      [
        [100, 0, 0],
        [0, 0, 100],
      ],
      [-50, -50],
    );
    const grey = paintPicture(40, 24, (x, y) => (x + y < 30 ? [60, 60, 60] : [180, 180, 180]));
    const tinted = paintPicture(40, 24, (x, y) => (x + y < 30 ? [200, 0, 0] : [180, 180, 180]));
    const dark = pixelsOf(await colour(id, seen, grey));
    // 0.299 of 200 is 60 as well: the same colours on another lightness.
    const other = pixelsOf(await colour(id, seen, tinted));
    expect(dark.slice(0, 3)).toEqual(
      pixelsOf(
        await colour(
          id,
          mixing(
            [
              [0, 0, 0],
              [0, 0, 0],
            ],
            [-26.5, -26.5],
          ),
          plain([60, 60, 60]),
        ),
      ).slice(0, 3),
    );
    expect(largestDifference(other.slice(-3), dark.slice(-3))).toBe(0);
    expect(other[2]! - other[0]!).toBeGreaterThan(10);
  });

  // Fails for a range of 0..1, a swapped channel order, and for the blue channel in the place of lightness.
  it.each(DEOLDIFY)('%s: the colours that it paints come on the lightness of the frame', async (id) => {
    const { rgb } = LAB.skin!;
    const grey = 180;
    const gains = rgb.map((value) => value / grey);
    const painted = mixing(
      [
        [gains[0]!, 0, 0],
        [0, gains[1]!, 0],
        [0, 0, gains[2]!],
      ],
      [0.01, 0.01, 0.01],
    );
    const made = pixelsOf(await colour(id, painted, plain([grey, grey, grey])));
    const [red, green, blue] = [made[0]!, made[1]!, made[2]!];
    expect(red - green).toBeGreaterThan(45);
    expect(green - blue).toBeGreaterThan(25);
    // The lightness of a grey of 180 is 73.4, nearly that of the colour: so it comes back.
    expect(largestDifference([red, green, blue], rgb)).toBeLessThanOrEqual(4);
    const other = paintPicture(20, 12, () => [200, 180, 20]);
    const kept = pixelsOf(
      await colour(
        id,
        mixing(
          [
            [0, 0, 0],
            [0, 0, 0],
            [0, 0, 0],
          ],
          [128, 128, 128],
        ),
        other,
      ),
    );
    // L* of 72 is a grey of 181; by the blue channel it would be 20.
    expect(largestDifference(kept, plain([177, 177, 177]).data)).toBeLessThanOrEqual(6);
  });

  it.each(ENTRIES)('%s: sees the size that is asked for, and a graph of its own size that one', async (id) => {
    const rows =
      EXPECTED[id] === 'ddcolor'
        ? [
            [0, 0, 0],
            [0, 0, 0],
          ]
        : [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ];
    const zeros = rows.map(() => 0);
    const fixed = mixing(rows, zeros, [1, 3, 64, 96]);
    const grey = paintPicture(40, 24, (x) => [x * 6, x * 6, x * 6]);
    for (const bytes of [fixed, mixing(rows, zeros, [1, 3, 512, 512])]) {
      const made = pixelsOf(await colour(id, bytes, grey, { frameColorizerSize: '512x512' }));
      expect(largestDifference(made, grey.data)).toBeLessThanOrEqual(1);
    }
  });

  it.each(ENTRIES)('%s: leaves a frame alone where the model gives no numbers', async (id) => {
    const none = [0, 0, 0];
    const rows = EXPECTED[id] === 'ddcolor' ? [none, none] : [none, none, none];
    const bytes = mixing(
      rows,
      rows.map(() => Number.NaN),
    );
    expect(await colour(id, bytes, plain([9, 9, 9]))).toEqual({ kind: 'left-alone', reason: 'invalid-output' });
  });

  it('blend: a quarter of the colours', async () => {
    const grey = plain([120, 120, 120]);
    const bytes = mixing(
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      [40, 10],
    );
    const whole = pixelsOf(await colour('ddcolor', bytes, grey));
    const quarter = pixelsOf(await colour('ddcolor', bytes, grey, { frameColorizerBlend: 25 }));
    const wanted = Float64Array.from(whole, (value) => 120 + (value - 120) * 0.25);
    expect(largestDifference(quarter, wanted)).toBeLessThanOrEqual(0.5);
  });
});
