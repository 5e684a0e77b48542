/** Every published voice extractor on graphs whose answer is known by arithmetic: spectra, channels, overlap, way back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import { MEL_BANDS } from '../../src/engine/audio/mel.ts';
import { speechOf } from '../../src/engine/audio/speech.ts';
import { openVoiceExtractor } from '../../src/engine/audio/voice-extractor.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../../src/engine/inference/session.ts';
import { VOICE_EXTRACTORS } from '../../src/engine/models/catalogue/voice-extractors.ts';
import { refusal } from '../helpers/make-media.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const ENTRIES = VOICE_EXTRACTORS.map(({ id }) => id);
const RATE = 48_000;
const BINS = 3072;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'facefusion-voice-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A network on spectra `[1, 4, 3072, frames]`; fewer frames than the published 256 make it quick. */
function voiceOnnx(
  paint: (graph: OnnxGraph, spectrum: TensorName) => TensorName,
  frames: number | string = 24,
): Uint8Array {
  const graph = new OnnxGraph();
  const shape = ['batch', 4, BINS, frames];
  graph.output('output', graph.node('Identity', [paint(graph, graph.input('input', shape))]), shape);
  return graph.toBytes();
}
const same = (_graph: OnnxGraph, spectrum: TensorName): TensorName => spectrum;

async function withStore<T>(id: string, bytes: Uint8Array, use: (store: ModelStore) => Promise<T>): Promise<T> {
  const userFolder = await writeUserModels(mkdtempSync(join(root, 'models-')), [{ id, bytes }]);
  await using store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder, licensePolicy: 'any' },
  });
  return await use(store);
}

const extract = (id: string, bytes: Uint8Array, samples: Int16Array): Promise<Float32Array> =>
  withStore(id, bytes, async (store) => (await openVoiceExtractor(store, id)).extract(samples));

/** Stereo sound from a formula, -1..1. */
function soundOf(seconds: number, valueAt: (time: number, channel: number) => number): Int16Array {
  const samples = new Int16Array(Math.round(seconds * RATE) * 2);
  for (let n = 0; n < samples.length; n++) samples[n] = Math.round(32_767 * valueAt((n >> 1) / RATE, n % 2));
  return samples;
}
const tone = (hertz: number, time: number): number => Math.sin(2 * Math.PI * hertz * time);
const worst = (a: Float32Array, expectedAt: (n: number) => number, margin = 0): number => {
  let most = 0;
  for (let n = margin; n < a.length - margin; n++) most = Math.max(most, Math.abs(a[n]! - expectedAt(n)));
  return most;
};

describe('conformance of voice extractors', () => {
  // Fails for: windows that do not add up, pieces or runs that are put together at other places, another scale.
  it.each(ENTRIES)('%s: what passes through comes back as it was', async (id) => {
    // Longer than a piece of 245760 samples, with a change that has no period. Where a piece begins or ends there is
    // silence: cut off at once, a sound has frequencies above the 3072nd, which are not kept.
    const ends = [0, 184_320, 245_760, 273_600].map((n) => n / RATE);
    const samples = soundOf(5.7, (t, channel) => {
      const fade = ends.reduce((gain, end) => gain * (1 - Math.exp(-(((t - end) * 20) ** 2))), 1);
      return fade * (0.5 * tone(200 + 60 * t + 30 * channel, t) * Math.cos(t) + 0.2 * tone(3000, t * t * 0.3));
    });
    const voice = await extract(id, voiceOnnx(same), samples);
    expect(voice).toHaveLength(samples.length / 2);
    expect(worst(voice, (n) => (samples[2 * n]! + samples[2 * n + 1]!) / 65_534)).toBeLessThan(1e-3);
    expect(voice.some((value) => Math.abs(value) > 0.5)).toBe(true);
  });

  // Fails for: channels in another order, or mixed.
  it.each(ENTRIES)('%s: left and right apart, real before imaginary', async (id) => {
    const samples = soundOf(0.8, (t, channel) => (channel === 0 ? 0.6 * tone(500, t) : 0.4 * tone(900, t)));
    const only = (...gains: number[]) =>
      voiceOnnx((graph, spectrum) => graph.node('Mul', [spectrum, graph.float32(gains, [1, 4, 1, 1])]));
    const left = await extract(id, only(1, 1, 0, 0), samples);
    expect(worst(left, (n) => 0.3 * tone(500, n / RATE), 4000)).toBeLessThan(1e-3);
    const right = await extract(id, only(0, 0, 1, 1), samples);
    expect(worst(right, (n) => 0.2 * tone(900, n / RATE), 4000)).toBeLessThan(1e-3);
    // Times i: real is minus what was imaginary. A sine becomes a cosine.
    const turned = voiceOnnx((graph, spectrum) => {
      const exchanged = graph.node('Gather', [spectrum, graph.int64([1, 0, 3, 2])], { axis: 1 });
      return graph.node('Mul', [exchanged, graph.float32([-1, 1, 0, 0], [1, 4, 1, 1])]);
    });
    const cosine = await extract(id, turned, samples);
    expect(worst(cosine, (n) => 0.3 * Math.cos((2 * Math.PI * 500 * n) / RATE), 4000)).toBeLessThan(2e-3);
  });

  // Fails for: frequencies and frames exchanged, or a network that sees other numbers than sums of windowed samples.
  it.each(ENTRIES)('%s: frequencies and scale', async (id) => {
    const samples = soundOf(0.8, (t) => 0.5 * tone(1000, t) + 0.3 * tone(6000, t));
    const low = Float32Array.from({ length: BINS }, (_, bin) => (bin < 400 ? 1 : 0));
    const filtered = voiceOnnx((graph, spectrum) => graph.node('Mul', [spectrum, graph.float32(low, [1, 1, BINS, 1])]));
    const voice = await extract(id, filtered, samples);
    expect(worst(voice, (n) => 0.5 * tone(1000, n / RATE), 6000)).toBeLessThan(2e-3);
    // A tone of amplitude 0.5 in bin 160 has half of the window's sum, 3840, times that: 960. Cut at 480, half is left.
    const cut = voiceOnnx((graph, spectrum) =>
      graph.node('Max', [graph.node('Min', [spectrum, graph.scalar(480)]), graph.scalar(-480)]),
    );
    const quiet = await extract(
      id,
      cut,
      soundOf(0.8, (t) => 0.5 * Math.cos(2 * Math.PI * 1000 * t)),
    );
    const loudest = quiet.subarray(8000, -8000).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(loudest).toBeGreaterThan(0.25);
    expect(loudest).toBeLessThan(0.45);
  });

  // Fails for: a voice that is not the one that was extracted, or sound of another rate.
  it.each(ENTRIES)('%s: what lips move to', async (id) => {
    const samples = soundOf(0.8, (t) => 0.4 * tone(400, t) + 0.4 * tone(4000, t));
    const low = Float32Array.from({ length: BINS }, (_, bin) => (bin < 200 ? 1 : 0));
    const filtered = voiceOnnx((graph, spectrum) => graph.node('Mul', [spectrum, graph.float32(low, [1, 1, BINS, 1])]));
    const [voice, whole] = await withStore(id, filtered, async (store) => [
      await speechOf(store, { samples }, id),
      await speechOf(store, { samples }, 'none'),
    ]);
    const column = (mel: typeof voice): Float32Array => mel!.values.subarray(32 * MEL_BANDS, 33 * MEL_BANDS);
    const [alone, both] = [column(voice), column(whole)];
    const loud = (values: Float32Array): number[] =>
      [...values].flatMap((value, band) => (value > 0.005 ? [band] : []));
    // One tone, and two.
    expect(loud(both).length).toBeGreaterThan(loud(alone).length);
    expect(loud(alone).every((band) => band < 20)).toBe(true);
    expect(loud(both).some((band) => band > 50)).toBe(true);
  });

  // Fails for: sizes that are written down in place of the graph's.
  it('uvr_mdxnet: as many frames as the graph says, or 256', async () => {
    const samples = soundOf(0.3, (t) => 0.5 * tone(700, t));
    for (const frames of [12, 256, 'frames']) {
      const voice = await extract('uvr_mdxnet', voiceOnnx(same, frames), samples);
      expect(worst(voice, (n) => samples[2 * n]! / 32_767, 200)).toBeLessThan(1e-3);
    }
  });

  // Fails for: silence, or noise, where a model gives no sound.
  it.each(ENTRIES)('%s: an output that is not finite is an error', async (id) => {
    const bytes = voiceOnnx((graph, spectrum) => {
      const nothing = graph.node('Mul', [spectrum, graph.scalar(0)]);
      return graph.node('Div', [nothing, nothing]);
    });
    const error = await refusal(
      extract(
        id,
        bytes,
        soundOf(0.2, () => 0.1),
      ),
    );
    expect(error).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(error.message).toContain(id);
  });
});
