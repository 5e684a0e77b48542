/** Asks ffprobe what a video is, before anything is decoded. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { endsEarly } from './container-end.ts';
import { ffmpegFailure, quoteStderr, runFfmpeg } from './ffmpeg-process.ts';
import { type Ffmpeg, findFfmpeg } from './find-ffmpeg.ts';
import type { InputSequence } from './image-sequence-input.ts';
import { type PictureFacts, probeSequence, probeWebp } from './probe-pictures.ts';
import { sniffMedia, type VideoFormat } from './sniff.ts';
import { isHdrTransfer, readColour, SDR_HD_COLOUR, type VideoColour } from './video-colour.ts';
import { inputArguments } from './video-input.ts';

/** 64 million pixels a frame: above 8K, and 96 MB as I420. */
export const DEFAULT_MAX_FRAME_PIXELS = 64_000_000;
/** Twelve hours. */
export const DEFAULT_MAX_DURATION_SECONDS = 12 * 3600;
/** A file that ffprobe cannot tell within this time is not worth waiting for. */
const PROBE_LIMIT_SECONDS = 120;
const SEQUENCE_FPS = 25;

export interface AudioStream {
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
}

export interface SubtitleStream {
  readonly codec: string;
}

/** What is known about a video. Sizes are those of the upright picture. */
export interface VideoInfo {
  /** Told by content. */
  readonly container: VideoFormat;
  /** Upright size, before padding. */
  readonly width: number;
  readonly height: number;
  /** Size of the frames that the reader yields: width and height, rounded up to even. */
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** True when the frames are larger than the picture because its size is odd; the edge is repeated. */
  readonly padded: boolean;
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Clockwise turn that makes the coded picture upright: 0, 90, 180, 270, rarely anything else. */
  readonly rotationDegrees: number;
  /** Shape of a pixel of the upright picture, width over height, as `1:1`. */
  readonly pixelAspect: string;
  /** Average frames a second. */
  readonly fps: number;
  /** The same, exact. */
  readonly fpsFraction: { readonly numerator: number; readonly denominator: number };
  /** ffprobe's guess of the frame rate of which all time stamps are multiples. */
  readonly baseFps: number;
  /** True when average and base rate differ by more than 1 %. A guess from the header. */
  readonly variableFrameRate: boolean;
  /** Never trust it for more than a progress bar: it comes from the header. */
  readonly frameCountEstimate: number;
  /** True when the header states a number of frames, false when it was computed from the duration. */
  readonly frameCountStated: boolean;
  /** Duration of the video stream, or of the file where the stream does not say. */
  readonly durationSeconds: number;
  /** True when `durationSeconds` is the video stream's own. */
  readonly durationStated: boolean;
  /** Time stamp at which the file begins; frames count from there. */
  readonly startSeconds: number;
  readonly timeBase: { readonly numerator: number; readonly denominator: number };
  readonly codec: string;
  readonly pixelFormat: string;
  readonly bitDepth: number;
  /** Of the frames that the reader yields: 10 for every stream with more than 8, unless `toneMapped`. */
  readonly frameBitDepth: 8 | 10;
  /** Colour of the frames that the reader yields; the stream's own unless `toneMapped`. */
  readonly colour: VideoColour;
  /** True for PQ and HLG. */
  readonly isHdr: boolean;
  /** True when the reader turns HDR into bt709. */
  readonly toneMapped: boolean;
  /** True when frames are made of two fields; the reader then makes whole pictures of them, one a frame. */
  readonly interlaced: boolean;
  /** Set for the pattern of an image sequence. */
  readonly sequence?: InputSequence;
  /** When each frame is shown, where that is known: image sequences and animated WebP. */
  readonly frameTimes?: readonly number[];
  /** Index of the video stream in the file. */
  readonly streamIndex: number;
  readonly audioStreams: readonly AudioStream[];
  readonly subtitleStreams: readonly SubtitleStream[];
  /** The comment in the file's metadata. */
  readonly comment?: string;
  /** Everything that its metadata says in words: title, artist, description … */
  readonly texts: readonly string[];
  /** True when the container claims bytes behind the end of the file. */
  readonly endsEarly: boolean;
  /** What the user should know about the conversion, as sentences. */
  readonly notes: readonly string[];
}

export interface ProbeOptions {
  /** What the reader does with HDR: `tonemap` turns it into bt709 where this ffmpeg can. Default `tonemap`. */
  readonly hdr?: 'tonemap' | 'keep';
  /** Frames a second of an image sequence. Default 25. */
  readonly sequenceFps?: number;
  readonly maxPixels?: number;
  readonly maxDurationSeconds?: number;
  readonly signal?: AbortSignal;
}

const number = z.coerce.number();
const text = z.string().optional();
const streamSchema = z.object({
  index: z.number(),
  codec_type: text,
  codec_name: text,
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: text,
  bits_per_raw_sample: number.optional(),
  sample_aspect_ratio: text,
  field_order: text,
  color_space: text,
  color_primaries: text,
  color_transfer: text,
  color_range: text,
  r_frame_rate: text,
  avg_frame_rate: text,
  time_base: text,
  duration: number.optional(),
  nb_frames: number.optional(),
  channels: z.number().optional(),
  sample_rate: number.optional(),
  disposition: z.object({ attached_pic: z.number().optional(), default: z.number().optional() }).optional(),
  side_data_list: z.array(z.object({ rotation: number.optional() })).optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
const probeSchema = z.object({
  streams: z.array(streamSchema),
  format: z.object({
    start_time: number.optional(),
    duration: number.optional(),
    tags: z.record(z.string(), z.string()).optional(),
  }),
});
type Stream = z.output<typeof streamSchema>;
type Probe = z.output<typeof probeSchema>;

/** What `VideoInfo` is made of. */
interface Found {
  readonly format: VideoFormat;
  readonly hdr: 'tonemap' | 'keep';
  readonly probe: Probe;
  readonly stream: Stream;
  readonly isCutOff: boolean;
  readonly pictures?: PictureFacts;
}

/**
 * Reads everything about a video that its headers tell.
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE (empty, truncated before its index, damaged),
 *   INPUT_UNSUPPORTED (no video), INPUT_TOO_LARGE (pixels or duration), FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD, CANCELLED
 */
export async function probeVideo(path: string, options: ProbeOptions = {}): Promise<VideoInfo> {
  const { kind, format } = await sniffMedia(path);
  if (kind !== 'video') {
    const what =
      kind === 'unknown' ? 'none that FaceFusion knows' : `${kind === 'image' ? 'a photo' : 'audio'} (${format})`;
    throw new AppError('INPUT_UNSUPPORTED', `Expected a video, but the content of ${basename(path)} is ${what}.`, {
      hint: 'Videos may be mp4, mov, m4v, mkv, webm, avi, wmv, mpeg, ts, mxf, animated gif or webp, or photos as frames/%05d.png.',
    });
  }
  const hdr = options.hdr ?? 'tonemap';
  const ffmpeg = await findFfmpeg();
  let info: VideoInfo;
  if (format === 'webp' || format === 'images') {
    const pictures = await (format === 'webp'
      ? probeWebp(path)
      : probeSequence(path, options.sequenceFps ?? SEQUENCE_FPS));
    info = await describe(ffmpeg, { format, hdr, ...fromPictures(pictures) });
  } else {
    const probe = await readProbe(ffmpeg, path, options.signal);
    const isCutOff = await endsEarly(path, format);
    info = await describe(ffmpeg, { format, hdr, probe, stream: chooseStream(path, probe.streams), isCutOff });
  }
  checkLimits(path, info, options);
  return info;
}

/** What ffprobe said of files as they were, the longest unasked first: many frames of one clip are asked for, one by one. */
const knownProbes = new Map<string, Probe>();
const KNOWN_PROBES_LIMIT = 32;

async function readProbe(ffmpeg: Ffmpeg, path: string, signal: AbortSignal | undefined): Promise<Probe> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  const key = [path, dev, ino, size, mtimeNs, ctimeNs].join('\n');
  const probe = knownProbes.get(key) ?? (await runProbe(ffmpeg, path, signal));
  knownProbes.delete(key);
  knownProbes.set(key, probe);
  if (knownProbes.size > KNOWN_PROBES_LIMIT) knownProbes.delete(knownProbes.keys().next().value!);
  return probe;
}

async function runProbe(ffmpeg: Ffmpeg, path: string, signal: AbortSignal | undefined): Promise<Probe> {
  const { exit, stdout, stderr } = await runFfmpeg(
    ffmpeg.ffprobePath,
    ['-v', 'error', ...['-show_format', '-show_streams', '-of', 'json'], ...inputArguments(path)],
    { signal, timeoutSeconds: PROBE_LIMIT_SECONDS },
  );
  if (exit.code !== 0) {
    if (exit.spawnError || exit.signal) throw ffmpegFailure(exit, stderr, 'reading the header of a video');
    throw probeRefusal(path, stderr);
  }
  return probeSchema.parse(JSON.parse(stdout));
}

/** Pictures in ffprobe's words. */
function fromPictures(facts: PictureFacts): Pick<Found, 'probe' | 'stream' | 'isCutOff' | 'pictures'> {
  const { width, height, frameTimes, durationSeconds, ticks, averageRate, baseRate, isCutOff } = facts;
  const stream: Stream = {
    ...{ index: 0, codec_type: 'video', codec_name: 'pictures', pix_fmt: 'rgb24', width, height },
    ...{ avg_frame_rate: averageRate, r_frame_rate: baseRate, time_base: `1/${ticks}` },
    ...{ duration: durationSeconds, nb_frames: frameTimes.length },
  };
  return { probe: { streams: [stream], format: { start_time: 0 } }, stream, isCutOff, pictures: facts };
}

/** ffprobe's text, turned into what the user can do about it. */
function probeRefusal(path: string, stderr: string): AppError {
  const name = basename(path);
  const details = { stderr: quoteStderr(stderr) };
  if (/moov atom not found/i.test(stderr)) {
    return new AppError(
      'INPUT_UNREADABLE',
      `${name} has no index (moov atom): its recording or download was cut off.`,
      {
        hint: 'Copy or download it again; a recorder may have a repair function.',
        details,
      },
    );
  }
  if (/whitelist/i.test(stderr)) {
    return new AppError('INPUT_UNSUPPORTED', `${name} is a playlist or another kind of file that is not read here.`, {
      details,
    });
  }
  return new AppError('INPUT_UNREADABLE', `${name} is truncated or damaged: ${quoteStderr(stderr)}`, {
    hint: 'Copy or download it again.',
    details,
  });
}

/** The default video stream, else the first; cover pictures do not count. */
function chooseStream(path: string, streams: readonly Stream[]): Stream {
  const videos = streams.filter((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const chosen = videos.find((stream) => stream.disposition?.default === 1) ?? videos[0];
  if (!chosen) {
    throw new AppError('INPUT_UNSUPPORTED', `${basename(path)} has no video stream.`, {
      hint: 'Name a video or a photo.',
    });
  }
  if (!chosen.width || !chosen.height || !chosen.pix_fmt) {
    throw new AppError(
      'INPUT_UNREADABLE',
      `The video stream of ${basename(path)} is damaged: it has no picture size.`,
      {
        details: { codec: chosen.codec_name },
      },
    );
  }
  return chosen;
}

async function describe(ffmpeg: Ffmpeg, found: Found): Promise<VideoInfo> {
  const { stream, probe, format: container, isCutOff, hdr, pictures } = found;
  const codedWidth = stream.width ?? 0;
  const codedHeight = stream.height ?? 0;
  const rotation = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  // The display matrix counts counter-clockwise.
  const rotationDegrees = (((-rotation % 360) + 360) % 360) + 0;
  const isSideways = Math.round(rotationDegrees) % 180 === 90;
  const width = isSideways ? codedHeight : codedWidth;
  const height = isSideways ? codedWidth : codedHeight;

  const average = parseFraction(stream.avg_frame_rate);
  const base = parseFraction(stream.r_frame_rate);
  const fpsFraction = average ?? base ?? { numerator: 25, denominator: 1 };
  const fps = fpsFraction.numerator / fpsFraction.denominator;
  const baseFps = base ? base.numerator / base.denominator : fps;
  const streamDuration = stream.duration ?? parseClock(stream.tags?.DURATION);
  const durationSeconds = streamDuration ?? probe.format.duration ?? 0;
  const statedCount = stream.nb_frames ?? toCount(stream.tags?.NUMBER_OF_FRAMES);

  const pixelFormat = stream.pix_fmt ?? '';
  const colour = readColour({ ...stream, pix_fmt: pixelFormat }, height);
  const isHdr = isHdrTransfer(stream.color_transfer);
  const filters = isHdr ? await ffmpeg.filters() : new Set<string>();
  const toneMapped = isHdr && hdr === 'tonemap' && filters.has('zscale') && filters.has('tonemap');
  const interlaced = ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? '');
  const bitDepth = bitDepthOf(pixelFormat, stream.bits_per_raw_sample);
  const frameWidth = width + (width % 2);
  const frameHeight = height + (height % 2);
  const padded = frameWidth !== width || frameHeight !== height;
  const comment = findTag(probe.format.tags, 'comment');

  return {
    container,
    width,
    height,
    frameWidth,
    frameHeight,
    padded,
    codedWidth,
    codedHeight,
    rotationDegrees,
    pixelAspect: uprightAspect(stream.sample_aspect_ratio, isSideways),
    fps,
    fpsFraction,
    baseFps,
    variableFrameRate: Math.abs(baseFps - fps) > 0.01 * fps,
    frameCountEstimate: statedCount ?? Math.round(durationSeconds * fps),
    frameCountStated: statedCount !== undefined,
    durationSeconds,
    durationStated: streamDuration !== undefined,
    startSeconds: probe.format.start_time ?? 0,
    timeBase: parseFraction(stream.time_base) ?? { numerator: 1, denominator: 90_000 },
    codec: stream.codec_name ?? 'unknown',
    pixelFormat,
    bitDepth,
    frameBitDepth: bitDepth > 8 && !toneMapped ? 10 : 8,
    colour: toneMapped ? SDR_HD_COLOUR : colour,
    isHdr,
    toneMapped,
    interlaced,
    ...(pictures ? { frameTimes: pictures.frameTimes } : {}),
    ...(pictures?.sequence ? { sequence: pictures.sequence } : {}),
    streamIndex: stream.index,
    audioStreams: probe.streams
      .filter((other) => other.codec_type === 'audio')
      .map((other) => ({
        codec: other.codec_name ?? 'unknown',
        channels: other.channels ?? 0,
        sampleRate: other.sample_rate ?? 0,
      })),
    subtitleStreams: probe.streams
      .filter((other) => other.codec_type === 'subtitle')
      .map((other) => ({ codec: other.codec_name ?? 'unknown' })),
    ...(comment === undefined ? {} : { comment }),
    texts: Object.values(probe.format.tags ?? {}),
    endsEarly: isCutOff,
    notes: [
      ...(padded ? [`The size ${width} x ${height} is odd; the output is ${frameWidth} x ${frameHeight}.`] : []),
      ...(toneMapped ? ['The video is HDR; the output is tone-mapped to SDR (bt709).'] : []),
      ...(isHdr && !toneMapped
        ? [
            hdr === 'keep'
              ? 'The output is HDR.'
              : 'The video is HDR and this ffmpeg cannot map tones; the output stays HDR.',
          ]
        : []),
      ...(bitDepth > 10 && !toneMapped ? [`The video has ${bitDepth} bits a channel; the output has 10 at most.`] : []),
      ...(interlaced ? ['The video is interlaced; the output is progressive, at the same frame rate.'] : []),
      ...(isCutOff ? ['The file is shorter than its container says; its last part is missing.'] : []),
    ],
  };
}

function checkLimits(path: string, info: VideoInfo, options: ProbeOptions): void {
  const { maxPixels = DEFAULT_MAX_FRAME_PIXELS, maxDurationSeconds = DEFAULT_MAX_DURATION_SECONDS } = options;
  const { width, height, durationSeconds } = info;
  if (width * height > maxPixels) {
    throw new AppError(
      'INPUT_TOO_LARGE',
      `${basename(path)} has ${width} x ${height} pixels a frame, the limit is ${maxPixels} pixels.`,
      { hint: 'Scale it down first.', details: { width, height, maxPixels } },
    );
  }
  if (durationSeconds > maxDurationSeconds) {
    throw new AppError(
      'INPUT_TOO_LARGE',
      `${basename(path)} lasts ${Math.round(durationSeconds)} s, the limit is ${maxDurationSeconds} s.`,
      { hint: 'Cut it into parts first.', details: { durationSeconds, maxDurationSeconds } },
    );
  }
}

function parseFraction(value: string | undefined): { numerator: number; denominator: number } | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(value ?? '');
  const numerator = Number(match?.[1]);
  const denominator = Number(match?.[2]);
  return numerator > 0 && denominator > 0 ? { numerator, denominator } : undefined;
}

/** Matroska's statistics tag, `00:00:04.000000000`. */
function parseClock(value: string | undefined): number | undefined {
  const match = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(value ?? '');
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined;
}

const toCount = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;

function bitDepthOf(pixelFormat: string, stated: number | undefined): number {
  const named = /(?:p|gray|gbrp|gbrap|rgb|p0)(9|10|12|14|16)(?:le|be)?$/.exec(pixelFormat);
  return named ? Number(named[1]) : stated && stated > 8 && stated <= 16 ? stated : 8;
}

function uprightAspect(value: string | undefined, isSideways: boolean): string {
  const match = /^(\d+):(\d+)$/.exec(value ?? '');
  if (!match || match[1] === '0' || match[2] === '0') return '1:1';
  return isSideways ? `${match[2]}:${match[1]}` : `${match[1]}:${match[2]}`;
}

function findTag(tags: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return Object.entries(tags ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}
