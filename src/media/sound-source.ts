/** Sound of a user's file, or of a video, as samples. */
import { basename } from 'node:path';
import { z } from 'zod';
import { cancelled } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import { ffmpegFailure, quoteStderr, runFfmpeg, startFfmpeg } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import type { AudioStream } from './probe.ts';
import { inputArguments } from './video-input.ts';

/** A file whose sound is used. */
export interface SoundSource {
  readonly path: string;
  /** Its first sound. */
  readonly stream: AudioStream;
}

/** Samples a second of what `readSound` gives. */
export const SOUND_RATE = 48_000;
const CHANNELS = 2;
/** Four hours: 2.8 GB. */
const MOST_SECONDS = 4 * 3600;
const PROBE_LIMIT_SECONDS = 120;

const probeSchema = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string().optional(),
      channels: z.number().optional(),
      sample_rate: z.coerce.number().optional(),
    }),
  ),
});

/**
 * Looks at the sound of a file.
 * @throws INPUT_UNSUPPORTED where it has none, INPUT_UNREADABLE where it is damaged, FFMPEG_NOT_FOUND, CANCELLED
 */
export async function probeSound(path: string, signal?: AbortSignal): Promise<SoundSource> {
  const { ffprobePath } = await findFfmpeg();
  const what = ['-select_streams', 'a:0', '-show_entries', 'stream=codec_name,channels,sample_rate', '-of', 'json'];
  const { exit, stdout, stderr } = await runFfmpeg(ffprobePath, ['-v', 'error', ...what, ...inputArguments(path)], {
    signal,
    timeoutSeconds: PROBE_LIMIT_SECONDS,
  });
  if (exit.spawnError || exit.signal) throw ffmpegFailure(exit, stderr, 'reading the header of a sound');
  if (exit.code !== 0) throw damaged(path, stderr);
  const stream = probeSchema.parse(JSON.parse(stdout)).streams[0];
  if (stream) {
    const { codec_name: codec = 'unknown', channels = 0, sample_rate: sampleRate = 0 } = stream;
    return { path, stream: { codec, channels, sampleRate } };
  }
  throw new AppError('INPUT_UNSUPPORTED', `Expected sound in ${JSON.stringify(basename(path))}, which has none.`, {
    hint: 'Name a flac, m4a, mp3, ogg, opus or wav file, or a video with sound.',
    details: { path },
  });
}

/**
 * Decodes the first sound of a file. 192 kB for a second, twice that while it is read.
 * @param seconds where to stop; absent: at its end
 * @returns interleaved left and right, 48 kHz, 16 bits; owned by the caller
 * @throws INPUT_UNREADABLE where nothing can be decoded, INPUT_TOO_LARGE beyond four hours, FFMPEG_NOT_FOUND,
 *   FFMPEG_FAILED, CANCELLED
 */
export async function readSound(
  path: string,
  { seconds, signal }: { readonly seconds?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<Int16Array> {
  const { ffmpegPath } = await findFfmpeg();
  const limit = seconds === undefined ? [] : ['-t', seconds.toFixed(6)];
  await using child = startFfmpeg(
    ffmpegPath,
    [
      ...['-nostdin', '-v', 'error', ...inputArguments(path), '-map', '0:a:0', ...limit],
      ...['-ac', String(CHANNELS), '-ar', String(SOUND_RATE), '-f', 's16le', '-c:a', 'pcm_s16le', 'pipe:1'],
    ],
    { output: true, signal },
  );
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of child.stdout! as AsyncIterable<Buffer>) {
      parts.push(part);
      bytes += part.length;
      if (bytes > MOST_SECONDS * SOUND_RATE * CHANNELS * 2) throw tooLong(path);
    }
  } catch (error) {
    // Ending ffmpeg breaks its pipe.
    throw signal?.aborted ? cancelled(signal) : error;
  }
  const exit = await child.exited;
  if (signal?.aborted) throw cancelled(signal);
  if (exit.spawnError || exit.signal) throw ffmpegFailure(exit, child.stderrTail(), 'decoding a sound');
  // A file that is cut off gives what it has.
  if (bytes === 0) throw damaged(path, child.stderrTail());
  const samples = new Int16Array(Math.floor(bytes / (CHANNELS * 2)) * CHANNELS);
  const view = new Uint8Array(samples.buffer);
  let at = 0;
  for (const part of parts) {
    const rest = part.subarray(0, view.length - at);
    view.set(rest, at);
    at += rest.length;
  }
  return samples;
}

function damaged(path: string, stderr: string): AppError {
  const said = quoteStderr(stderr);
  return new AppError(
    'INPUT_UNREADABLE',
    `The sound of ${JSON.stringify(basename(path))} is empty, truncated or damaged${said === '' ? '.' : `: ${said}`}`,
    { hint: 'Copy or download it again.', details: { path } },
  );
}

const tooLong = (path: string): AppError =>
  new AppError('INPUT_TOO_LARGE', `Expected at most four hours of sound in ${JSON.stringify(basename(path))}.`, {
    hint: 'Cut it, and the video, into parts.',
    details: { path },
  });
