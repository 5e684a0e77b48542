/** Loudness of a sound by EBU R 128, and the filter that brings it to another. */
import { z } from 'zod';
import { ffmpegFailure, runFfmpeg } from '../ffmpeg-process.ts';
import { findFfmpeg } from '../find-ffmpeg.ts';
import { inputArguments } from '../video-input.ts';

export interface LoudnessGoal {
  /** LUFS of the whole. */
  readonly integratedLufs: number;
  /** Highest peak between samples, dBTP. */
  readonly truePeakDb: number;
}

/** What the first pass finds. */
export interface MeasuredLoudness {
  readonly integratedLufs: number;
  readonly truePeakDb: number;
  readonly rangeLu: number;
  readonly thresholdLufs: number;
  readonly offsetLu: number;
}

/** Range in LU that the filter leaves alone, at least and at most. @see ffmpeg's loudnorm */
const RANGE_LU = { least: 11, most: 20 } as const;
/** Below its gate nothing is heard; ffmpeg says -inf, or the gate itself. */
const SILENCE_LUFS = -70;

/** Numbers come as text. */
const number = z.coerce.number();
const printedSchema = z.object({
  input_i: number,
  input_tp: number,
  input_lra: number,
  input_thresh: number,
  target_offset: number,
});

const goalOptions = ({ integratedLufs, truePeakDb }: LoudnessGoal, rangeLu: number): string =>
  `loudnorm=I=${integratedLufs}:TP=${truePeakDb}:LRA=${rangeLu}`;

/**
 * Listens to a sound as a whole.
 * @param stream number of the audio stream, from 0
 * @returns undefined for silence
 * @throws FFMPEG_FAILED, CANCELLED
 */
export async function measureLoudness(
  path: string,
  stream: number,
  goal: LoudnessGoal,
  signal: AbortSignal | undefined,
): Promise<MeasuredLoudness | undefined> {
  const { ffmpegPath } = await findFfmpeg();
  const { exit, stderr } = await runFfmpeg(
    ffmpegPath,
    [
      ...['-nostdin', '-hide_banner', '-nostats', '-v', 'info', ...inputArguments(path)],
      ...['-map', `0:a:${stream}`, '-af', `${goalOptions(goal, RANGE_LU.least)}:print_format=json`, '-f', 'null', '-'],
    ],
    { signal },
  );
  const printed = /\{[^{}]*"input_i"[^{}]*\}/.exec(stderr)?.[0];
  if (exit.code !== 0 || printed === undefined) throw ffmpegFailure(exit, stderr, 'measuring the loudness');
  // What is silent has no numbers.
  const found = printedSchema.safeParse(JSON.parse(printed.replaceAll('-inf', '-99').replaceAll('"inf"', '"99"'))).data;
  if (!found || found.input_i <= SILENCE_LUFS) return undefined;
  return {
    integratedLufs: found.input_i,
    truePeakDb: found.input_tp,
    rangeLu: found.input_lra,
    thresholdLufs: found.input_thresh,
    offsetLu: found.target_offset,
  };
}

/** The filter of the second pass. One gain for the whole where peaks allow it; else the filter rides the level. */
export function loudnessFilter(goal: LoudnessGoal, measured: MeasuredLoudness, sampleRate: number): string {
  const range = Math.min(RANGE_LU.most, Math.max(RANGE_LU.least, Math.ceil(measured.rangeLu)));
  const { integratedLufs, truePeakDb, rangeLu, thresholdLufs, offsetLu } = measured;
  const known =
    `measured_I=${integratedLufs}:measured_TP=${truePeakDb}:measured_LRA=${rangeLu}:` +
    `measured_thresh=${thresholdLufs}:offset=${offsetLu}:linear=true`;
  // Peaks between samples are found at four times the rate, at which the sound would stay. By `aformat`: where the filter
  // begins anew for a sound below 3 s, an `aresample` behind it finds no channel layout (ffmpeg 5.1).
  return `${goalOptions(goal, range)}:${known},aformat=sample_rates=${sampleRate}`;
}
