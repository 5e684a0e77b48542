/** Puts whole videos of one kind one behind the other, with their sound, without encoding anything again. */
import { rm, writeFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { markingOptions, markProgramStream } from './ai-marking.ts';
import { countOutputFrames } from './count-output-frames.ts';
import { outputTimescale } from './encode-arguments.ts';
import { toFfmpegFile } from './ffmpeg-process.ts';
import { readList, runOutputStep } from './mux-output.ts';
import { CONTAINERS, type ContainerRules } from './output-containers.ts';
import type { VideoInfo } from './probe.ts';
import { UNTRUSTED_INPUT } from './video-input.ts';

/** A video that becomes a part of another. */
export interface ConcatPart {
  readonly path: string;
  readonly info: VideoInfo;
}

export interface ConcatOptions {
  /** At least one, in order; all alike in codecs, size and container. */
  readonly parts: readonly ConcatPart[];
  /** Its ending chooses the container. A file that is there is replaced. */
  readonly outputPath: string;
  /** The label of GB 45438-2025, where it is asked for. */
  readonly aigc?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Metadata are those of the first part. Every frame is verified to be there.
 * @returns frames of the whole
 * @throws INPUT_UNSUPPORTED for parts that differ; OUTPUT_UNSUPPORTED for what cannot be joined so, as GIF;
 *   OUTPUT_FAILED, FFMPEG_FAILED, CANCELLED
 */
export async function concatVideos({ parts, outputPath, aigc, signal }: ConcatOptions): Promise<number> {
  const [first] = parts;
  if (!first) throw new AppError('INTERNAL', 'A video without parts cannot be joined.');
  const rules = rulesFor(outputPath);
  for (const part of parts) checkAlike(first, part);
  const listPath = `${outputPath}.ffconcat`;
  try {
    await writeFile(listPath, `ffconcat version 1.0\n${parts.map(({ path }) => `file '${quoted(path)}'\n`).join('')}`);
    await runOutputStep(
      [
        ...[...readList(listPath), ...UNTRUSTED_INPUT, '-i', toFfmpegFile(first.path)],
        ...['-map', '0:v:0', '-map', '0:a?', '-map', '0:s?', '-c', 'copy', '-map_metadata', '1', '-map_chapters', '-1'],
        ...markingOptions(rules.muxer, first.info.comment, aigc),
        ...containerOptions(rules, first.info, aigc),
        ...['-f', rules.muxer, toFfmpegFile(outputPath)],
      ],
      outputPath,
      signal,
    );
  } finally {
    await rm(listPath, { force: true });
  }
  if (rules.muxer === 'mpeg') await markProgramStream(outputPath);
  return checkFrames(parts, outputPath, rules, signal);
}

/** Inside single quotes everything is literal; a quote ends them, stands for itself escaped, and begins them again. */
const quoted = (path: string): string => resolve(path).replaceAll("'", "'\\''");

function rulesFor(path: string): ContainerRules {
  const ending = extname(path).slice(1).toLowerCase();
  const rules: readonly ContainerRules[] = Object.values(CONTAINERS).filter(({ finish }) => finish !== 'images');
  const found = rules.find(({ endings }) => endings.includes(ending));
  // An animation is no stream that could go on.
  if (found && found.finish !== 'gif' && found.finish !== 'webp') return found;
  throw new AppError(
    'OUTPUT_UNSUPPORTED',
    `Videos cannot be joined as ${ending === '' ? basename(path) : `.${ending}`}.`,
    {
      hint: 'Use .mp4, .mov, .mkv or .webm, or give each part an output of its own.',
    },
  );
}

/** What a player cannot change in the middle of a stream. */
const traitsOf = ({ info }: ConcatPart): Readonly<Record<string, string>> => ({
  size: `${info.codedWidth} x ${info.codedHeight}, turned by ${info.rotationDegrees}`,
  codec: `${info.codec} ${info.pixelFormat}`,
  sound: info.audioStreams.map(({ codec, channels, sampleRate }) => `${codec} ${channels} ${sampleRate}`).join(', '),
  subtitles: info.subtitleStreams.map(({ codec }) => codec).join(', '),
});

function checkAlike(first: ConcatPart, part: ConcatPart): void {
  const expected = traitsOf(first);
  for (const [trait, value] of Object.entries(traitsOf(part))) {
    if (value === expected[trait]) continue;
    throw new AppError(
      'INPUT_UNSUPPORTED',
      `${basename(part.path)} cannot follow ${basename(first.path)}: expected ${trait} ${expected[trait] || 'none'}, received ${value || 'none'}.`,
      { hint: 'Give both the same target and output options, or outputs of their own.', details: { trait } },
    );
  }
}

function containerOptions({ isMp4 }: ContainerRules, info: VideoInfo, aigc: string | undefined): string[] {
  if (!isMp4) return [];
  // Keys beyond those of iTunes are written only so.
  const flags = aigc === undefined ? '+faststart' : '+faststart+use_metadata_tags';
  const ticks = String(outputTimescale(info.timeBase));
  return ['-movflags', flags, '-video_track_timescale', ticks, ...(info.codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])];
}

async function checkFrames(
  parts: readonly ConcatPart[],
  outputPath: string,
  rules: ContainerRules,
  signal: AbortSignal | undefined,
): Promise<number> {
  let expected = 0;
  for (const { path } of parts) expected += await countOutputFrames(path, rules, signal);
  const frames = await countOutputFrames(outputPath, rules, signal);
  if (frames === expected) return frames;
  throw new AppError('FFMPEG_FAILED', `The joined video has ${frames} frames, and its parts have ${expected}.`, {
    details: { frames, expected },
  });
}
