/** What a lip syncer hears of a sound. */
import type { ModelStore } from '../inference/session.ts';
import type { SourceAudio } from '../processors/processor.ts';
import { downsample } from './downsample.ts';
import { type MelSpectrogram, melSpectrogram, SPEECH_RATE } from './mel.ts';
import { openVoiceExtractor } from './voice-extractor.ts';

const FACTOR = 48_000 / SPEECH_RATE;

/** Spectrograms of sounds that are still used somewhere: a run with several persons has several processors. */
const known = new WeakMap<Int16Array, Map<string, Promise<MelSpectrogram>>>();

/**
 * The spectrogram of a sound, or of the voice in it. Beside the samples this takes 90 kB for a second of sound, or 280
 * with a voice extractor; 25.6 kB of that stay. Ten minutes take about three seconds without one.
 * Calls for the same samples share the result.
 * @param voiceExtractor id of a model, or `none` for the sound as it is
 * @throws what opening and running the voice extractor throws
 */
export function speechOf(
  store: ModelStore,
  { samples }: Pick<SourceAudio, 'samples'>,
  voiceExtractor: string,
): Promise<MelSpectrogram> {
  const spectrograms = known.get(samples) ?? new Map<string, Promise<MelSpectrogram>>();
  known.set(samples, spectrograms);
  const earlier = spectrograms.get(voiceExtractor);
  if (earlier) return earlier;
  const made = listen(store, samples, voiceExtractor);
  spectrograms.set(voiceExtractor, made);
  // Only forgets; the caller gets the same rejection.
  made.catch(() => spectrograms.delete(voiceExtractor));
  return made;
}

async function listen(store: ModelStore, samples: Int16Array, voiceExtractor: string): Promise<MelSpectrogram> {
  const length = samples.length >> 1;
  if (voiceExtractor === 'none') {
    // The mean of both channels; how loud it is does not matter.
    return melSpectrogram(downsample(length, (n) => (samples[2 * n]! + samples[2 * n + 1]!) / 65_536, FACTOR));
  }
  const voice = await (await openVoiceExtractor(store, voiceExtractor)).extract(samples);
  return melSpectrogram(downsample(length, (n) => voice[n]!, FACTOR));
}
