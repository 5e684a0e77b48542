/** A video of the published one: the ordinary way of frames through decoder and encoder, with no processor on it. */
import { rm } from 'node:fs/promises';
import { throwIfAborted } from '../../core/abort.ts';
import type { AUDIO_ENCODERS, VIDEO_PRESETS } from '../../core/output-options.ts';
import { openChunkWriter, type WrittenChunk } from '../../media/chunk-writer.ts';
import { joinChunks } from '../../media/join-chunks.ts';
import { planVideoOutput, type VideoOutputPlan } from '../../media/plan-video-output.ts';
import { probeVideo, type VideoInfo } from '../../media/probe.ts';
import { scaledSize } from '../../media/scaled-size.ts';
import { type RateControl, TWO_PASS_ENCODERS, type VideoEncoder } from '../../media/video-encoders.ts';
import { openVideoReader } from '../../media/video-reader.ts';
import { createFrameRate } from '../frame-rate.ts';
import type { LayOn, MadeFacts } from './make-verified.ts';
import type { PublishedSource } from './published-source.ts';

/** What a video becomes. */
export interface VideoShape {
  readonly encoder?: VideoEncoder | undefined;
  readonly audioEncoder?: (typeof AUDIO_ENCODERS)[number] | undefined;
  readonly preset: (typeof VIDEO_PRESETS)[number];
  /** 0..100 */
  readonly quality: number;
  /** Size relative to the source. */
  readonly scale: number;
  readonly fps?: number | undefined;
  /** Bits of the picture. An average is reached in two passes where `twoPass` is set and the encoder can. */
  readonly rate?: { readonly kind: 'average' | 'limit'; readonly kilobits: number } | undefined;
  readonly twoPass?: boolean | undefined;
  readonly audioKilobits?: number | undefined;
  /** One a stream. */
  readonly audioFilters?: readonly string[] | undefined;
  /** True for players that take one sound only. */
  readonly firstSoundOnly?: boolean | undefined;
  /** Bits of a sample that players take. Default: those of the source, where the encoder can. */
  readonly bitDepth?: 8 | undefined;
  /** Filters of ffmpeg before anything is laid on. */
  readonly filters?: readonly string[] | undefined;
  readonly keyFrameSeconds?: number | undefined;
  /** Audio that is copied; others become AAC. Default: what the container takes. */
  readonly audioCodecs?: ReadonlySet<string> | undefined;
}

export interface VideoWork {
  readonly source: PublishedSource & { readonly info: VideoInfo };
  readonly shape: VideoShape;
  /** Its ending chooses the container. */
  readonly path: string;
  readonly layOn: LayOn;
  readonly onFrame: () => void;
  readonly onNote: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

export interface MadeVideo extends MadeFacts {
  /** Of the picture alone. */
  readonly videoBytes: number;
}

/** Encoders that go on with the codec that the source has. */
const ENCODER_OF: Readonly<Record<string, VideoEncoder>> = { hevc: 'libx265', vp9: 'libvpx-vp9' };

/** What is encoded again is, by default, encoded as it was. */
export const encoderOf = ({ codec }: VideoInfo): VideoEncoder => ENCODER_OF[codec] ?? 'libx264';

const ONLY_PICTURES: readonly string[] = ['gif', 'webp'];

/** How far a plan of an output is from the frames of its source. */
interface Plan {
  readonly output: VideoOutputPlan;
  readonly info: VideoInfo;
  readonly fps: number | undefined;
}

/**
 * Makes the file. Memory does not depend on its length; beside it one encoded copy of the picture is on the disk meanwhile.
 * @throws OUTPUT_UNSUPPORTED, ENCODER_UNAVAILABLE, OUTPUT_FAILED, FFMPEG_FAILED, VIDEO_TRUNCATED, CANCELLED
 */
export async function makeVideo(work: VideoWork): Promise<MadeVideo> {
  const { source, shape, path, signal } = work;
  const plan = await planWork(work);
  const chunkPath = `${path}.picture`;
  const logPath = `${path}.pass`;
  try {
    const chunk = await encodePicture(work, plan, chunkPath, logPath);
    const { output, info, fps } = plan;
    const endSeconds = chunk.firstSeconds + chunk.durationSeconds;
    await joinChunks({
      chunks: [{ path: chunkPath, firstSeconds: chunk.firstSeconds, frames: chunk.frames }],
      endSeconds,
      trim: false,
      scale: shape.scale,
      outputPath: path,
      plan: output,
      info: fps === undefined ? info : atRate(info, fps),
      quality: shape.quality,
      ...(ONLY_PICTURES.includes(source.format) ? {} : { othersFrom: source.path }),
      audioQuality: shape.quality,
      audioVolume: 100,
      audioKilobits: shape.audioKilobits,
      audioFilters: shape.audioFilters,
      aigc: source.aigc,
      signal,
    });
    const [width, height] = scaledSize(info, shape.scale);
    return { width, height, durationSeconds: chunk.durationSeconds, videoBytes: chunk.bytes };
  } finally {
    const logs = [logPath, '-0.log', '-0.log.mbtree', '.cutree'].map((end, at) => (at === 0 ? end : logPath + end));
    for (const left of [chunkPath, ...logs]) await rm(left, { force: true });
  }
}

async function planWork({ source, shape, path, onNote }: VideoWork): Promise<Plan> {
  const { info: probed } = source;
  const planned = await planVideoOutput(path, {
    encoder: shape.encoder ?? encoderOf(probed),
    info: probed,
    bitDepth: shape.bitDepth ?? probed.frameBitDepth,
    fps: shape.fps,
    scale: shape.scale,
    audioEncoder: shape.audioEncoder,
  });
  const output: VideoOutputPlan = { ...planned, ...(shape.audioCodecs ? { audioCodecs: shape.audioCodecs } : {}) };
  for (const note of output.notes) {
    // Of an encoder that nobody asked for nothing needs to be said.
    if (shape.encoder !== undefined || !note.includes('does not take')) onNote(note);
  }
  // High range needs ten bits.
  const read = probed.isHdr && output.bitDepth === 8 ? await probeVideo(source.path) : probed;
  const { constantFps } = output;
  const fps = constantFps ? constantFps.numerator / constantFps.denominator : shape.fps;
  const audioStreams = shape.firstSoundOnly ? read.audioStreams.slice(0, 1) : read.audioStreams;
  return { output, info: { ...read, audioStreams, frameBitDepth: output.bitDepth }, fps };
}

async function encodePicture(work: VideoWork, plan: Plan, path: string, logPath: string): Promise<WrittenChunk> {
  const { rate, twoPass } = work.shape;
  if (rate?.kind !== 'average') return writePicture(work, plan, path, rate);
  const { kind, kilobits } = rate;
  const { chunkEncoder } = plan.output;
  // libvpx deals out bits by the frame, so that frames have to be equally long.
  const isUneven = chunkEncoder === 'libvpx-vp9' && plan.fps === undefined && plan.info.variableFrameRate;
  if (!twoPass || isUneven || !TWO_PASS_ENCODERS.includes(chunkEncoder)) {
    return writePicture(work, plan, path, { kind, kilobits });
  }
  await writePicture(work, plan, path, { kind, kilobits, pass: { number: 1, logPath } });
  return writePicture(work, plan, path, { kind, kilobits, pass: { number: 2, logPath } });
}

async function writePicture(
  { source, shape, layOn, onFrame, signal }: VideoWork,
  { output, info, fps }: Plan,
  path: string,
  rate: RateControl | undefined,
): Promise<WrittenChunk> {
  const { filters, preset, quality, scale, keyFrameSeconds } = shape;
  await using reader = openVideoReader(source.path, info, { lookAhead: 1, filters, signal });
  await using writer = openChunkWriter(path, {
    info: fps === undefined ? info : atRate(info, fps),
    ...{ plan: output, preset, quality, scale, rate, keyFrameSeconds },
  });
  const times = createFrameRate(fps);
  let last: Parameters<typeof writer.write>[0] | undefined;
  let endSeconds = 0;
  for await (const frame of reader) {
    throwIfAborted(signal);
    layOn(frame);
    const { before, at } = times.place(frame.ptsSeconds, last !== undefined);
    for (const ptsSeconds of before) await writer.write({ ...last!, ptsSeconds });
    for (const ptsSeconds of at) await writer.write({ ...frame, ptsSeconds });
    last = frame;
    endSeconds = frame.ptsSeconds + 1 / info.fps;
    onFrame();
  }
  if (last) for (const ptsSeconds of times.end(endSeconds)) await writer.write({ ...last, ptsSeconds });
  return await writer.finish();
}

/** Ticks a second in which any rate is exact enough: that of MPEG. */
const TICKS = 90_000;

/** A video with another frame rate, as the encoder sees it. */
const atRate = (info: VideoInfo, fps: number): VideoInfo => ({
  ...info,
  fps,
  baseFps: fps,
  fpsFraction: { numerator: Math.round(fps * 1000), denominator: 1000 },
  variableFrameRate: false,
  timeBase: { numerator: 1, denominator: TICKS },
});
