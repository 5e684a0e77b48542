/** What a lip syncer hears of a sound. */
import type { ModelStore } from '../inference/session.ts';
import type { SourceAudio } from '../processors/processor.ts';
import { downsample } from './downsample.ts';
import { type MelSpectrogram, melSpectrogram, SPEECH_RATE } from './mel.ts';
import { openVoiceExtractor } from './voice-extractor.ts';

const SOUND_RATE = 48_000;

/**
 * The spectrogram of a sound, or of the voice in it. Beside the samples this takes 256 kB for a second of sound, and of
 * that 25.6 kB stay; ten minutes take about three seconds without a voice extractor.
 * @param voiceExtractor id of a model, or `none` for the sound as it is
 * @throws what opening and running the voice extractor throws
 */
export async function speechOf(
  store: ModelStore,
  { samples }: Pick<SourceAudio, 'samples'>,
  voiceExtractor: string,
): Promise<MelSpectrogram> {
  const voice =
    voiceExtractor === 'none'
      ? toOneChannel(samples)
      : await (await openVoiceExtractor(store, voiceExtractor)).extract(samples);
  return melSpectrogram(downsample(voice, SOUND_RATE / SPEECH_RATE));
}

/** The mean of both channels, -1..1. */
function toOneChannel(samples: Int16Array): Float32Array {
  const out = new Float32Array(samples.length >> 1);
  for (let n = 0; n < out.length; n++) out[n] = (samples[2 * n]! + samples[2 * n + 1]!) / 65_536;
  return out;
}
