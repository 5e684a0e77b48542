/** Takes the voice out of music and noise with a network of the MDX kind, which works on spectra. */
import { AppError } from '../../core/errors.ts';
import { isFiniteTensor } from '../frames/tensor-pixels.ts';
import type { ModelSession, ModelStore } from '../inference/session.ts';
import { createFft } from './fft.ts';
import { hannWindow } from './hann.ts';

const FRAME = 7680;
const HOP = 1024;
/** Samples at either end of what a network hears that are thrown away: half a frame. */
const TRIM = FRAME / 2;
/** Of the 3841 frequencies of a frame, the lower ones. */
const BINS = 3072;
/** Frames that a network hears at once, where its graph does not say. */
const USUAL_FRAMES = 256;
/** A long sound is worked through in pieces that overlap; where they do, their mean counts. */
const PIECE = 245_760;
const PIECE_STEP = 184_320;
const LOUDEST = 32_767;

/** Belongs to the store that opened it. */
export interface VoiceExtractor {
  /**
   * @param samples interleaved stereo, 48 kHz, 16 bits; not changed
   * @returns the voice in one channel, the mean of both, -1..1, 48 kHz, as many samples as one channel had. Beside it and
   *   `samples`, memory does not grow with the sound. Owned by the caller
   * @throws INFERENCE_FAILED, also where the network gives numbers that are no sound
   */
  extract(samples: Int16Array): Promise<Float32Array>;
}

/**
 * Opens a voice extractor.
 * @param id of the catalogue, or the user's own
 * @throws what opening a model of the user's throws
 */
export async function openVoiceExtractor(store: ModelStore, id: string): Promise<VoiceExtractor> {
  const network = createNetwork(await store.session(id));
  return {
    async extract(samples) {
      const length = samples.length / 2;
      const voice = new Float32Array(length);
      for (let start = 0; start < length; start += PIECE_STEP) {
        const end = Math.min(start + PIECE, length);
        // The first samples of a piece are the last of the one before.
        const shared = start === 0 ? 0 : start - PIECE_STEP + PIECE;
        for (let from = start; from < end; from += network.step) {
          const part = await network.run(samples, from, Math.min(end, from + network.step), start, end);
          for (let n = 0; n < part.length; n++) {
            const at = from + n;
            voice[at] = at < shared ? (voice[at]! + part[n]!) / 2 : part[n]!;
          }
        }
      }
      return voice;
    },
  };
}

interface Network {
  /** Samples of a run that are of use. */
  readonly step: number;
  /**
   * The voice of `[from, to)`, of at most `step` samples. What lies outside of `[start, end)` is taken for silence.
   */
  run(samples: Int16Array, from: number, to: number, start: number, end: number): Promise<Float64Array>;
}

/** A network with what brings sound into the form of its input, and back. */
function createNetwork(session: ModelSession): Network {
  const stated = session.inputs[0]?.shape[3];
  const frames = typeof stated === 'number' && stated > TRIM / HOP ? stated : USUAL_FRAMES;
  const heard = (frames - 1) * HOP;
  const step = heard - 2 * TRIM;
  if (step <= 0) throw new AppError('MODEL_IO_MISMATCH', `Expected more than ${frames} frames for ${session.id}.`);
  // As FaceFusion's, which takes SciPy's window for filters.
  const window = hannWindow(FRAME, 'symmetric');
  const fft = createFft(FRAME);
  const [real, imaginary] = [new Float64Array(FRAME), new Float64Array(FRAME)];
  /** Sum of the squared windows over each sample, which overlapping frames are divided by. */
  const weight = new Float64Array(heard + FRAME);
  for (let frame = 0; frame < frames; frame++) {
    for (let n = 0; n < FRAME; n++) weight[frame * HOP + n]! += window[n]! ** 2;
  }

  return {
    step,
    async run(samples, from, to, start, end) {
      const input = new Float32Array(4 * BINS * frames);
      const channel = (index: number, bin: number, frame: number): number => (index * BINS + bin) * frames + frame;
      for (let frame = 0; frame < frames; frame++) {
        // A frame's middle is at a multiple of the hop; the first sample that is heard is TRIM before `from`.
        const first = from - TRIM + frame * HOP - FRAME / 2;
        for (let n = 0; n < FRAME; n++) {
          const at = first + n;
          const isInside = at >= start && at < end && at >= from - TRIM && at < from - TRIM + heard;
          const gain = isInside ? window[n]! / LOUDEST : 0;
          real[n] = isInside ? samples[at * 2]! * gain : 0;
          imaginary[n] = isInside ? samples[at * 2 + 1]! * gain : 0;
        }
        fft.forward(real, imaginary);
        for (let k = 0; k < BINS; k++) {
          const mirror = k === 0 ? 0 : FRAME - k;
          const [a, b, c, d] = [real[k]!, imaginary[k]!, real[mirror]!, imaginary[mirror]!];
          // Left and right apart, as they were put in as the two parts of complex numbers.
          input[channel(0, k, frame)] = (a + c) / 2;
          input[channel(1, k, frame)] = (b - d) / 2;
          input[channel(2, k, frame)] = (b + d) / 2;
          input[channel(3, k, frame)] = (c - a) / 2;
        }
      }
      const result = await session.run({ input: { data: input, dims: [1, 4, BINS, frames] } });
      const output = result[session.outputs[0]!.name]!;
      if (output.data.length !== input.length || !isFiniteTensor(output)) {
        throw new AppError('INFERENCE_FAILED', `The model ${session.id} gave numbers that are no sound.`);
      }
      const sum = new Float64Array(heard + FRAME);
      for (let frame = 0; frame < frames; frame++) {
        real.fill(0);
        imaginary.fill(0);
        for (let k = 0; k < BINS; k++) {
          const mean = (left: number, right: number): number =>
            (output.data[channel(left, k, frame)]! + output.data[channel(right, k, frame)]!) / 2;
          const mirror = k === 0 ? 0 : FRAME - k;
          real[mirror] = real[k] = mean(0, 2);
          imaginary[k] = mean(1, 3);
          imaginary[mirror] = -imaginary[k]!;
        }
        fft.inverse(real, imaginary);
        for (let n = 0; n < FRAME; n++) sum[frame * HOP + n]! += real[n]! * window[n]!;
      }
      // Behind half a frame before the first sample that was heard, and TRIM, is `from`.
      const offset = FRAME / 2 + TRIM;
      return Float64Array.from({ length: to - from }, (_, n) => sum[offset + n]! / weight[offset + n]!);
    },
  };
}
