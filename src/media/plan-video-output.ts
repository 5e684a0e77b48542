/** Decides container, codecs and frame rate of an output video before its first frame. */
import { basename, extname } from 'node:path';
import { AppError } from '../core/errors.ts';
import { type AudioEncoder, type AudioPlan, planAudio } from './audio-output.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { isSequencePattern } from './image-sequence.ts';
import { CONTAINERS, type ContainerRules, type OutputContainer } from './output-containers.ts';
import { type FrameRateFraction, nominalRate, rateForContainer } from './output-rate.ts';
import type { VideoInfo } from './probe.ts';
import { scaledSize } from './scaled-size.ts';
import { tryEncoder, workingEncoders } from './try-encoder.ts';
import { type ChunkCodec, type ChunkEncoder, factsOf, ffmpegName, type VideoEncoder } from './video-encoders.ts';

/** What the user asked for. */
export interface VideoOutputRequest {
  readonly encoder: VideoEncoder;
  /** The target. */
  readonly info: VideoInfo;
  /** Frames a second that were asked for. */
  readonly fps?: number | undefined;
  /** Size relative to the target. Default 1. */
  readonly scale?: number;
  readonly audioEncoder?: AudioEncoder | undefined;
  /** Of the frames that will be written. Default 8. */
  readonly bitDepth?: 8 | 10;
  /** True where frames are transparent in places. */
  readonly alpha?: boolean;
}

/** A decision that is known to work with this ffmpeg. */
export interface VideoOutputPlan extends ContainerRules {
  readonly container: OutputContainer;
  /** ffmpeg's name of the encoder of the output; another than asked for when the container does not take that. */
  readonly encoder: string;
  /** What chunks are made with. */
  readonly chunkEncoder: ChunkEncoder;
  readonly audio: AudioPlan;
  /** Of the output. */
  readonly bitDepth: 8 | 10;
  /** True where chunks and output have alpha; chunks are Matroska files then. */
  readonly alpha?: boolean;
  /** The rate at which frames must come, where the container cannot have them at their own times. */
  readonly constantFps?: FrameRateFraction;
  /** Frames a second of the output, on average. */
  readonly fps: FrameRateFraction;
  /** Changes to what was asked for, as sentences for the user. */
  readonly notes: readonly string[];
}

/** Takes the place of an encoder whose codec a container does not take. */
const STANDARD_ENCODER: Readonly<Record<ChunkCodec, ChunkEncoder>> = {
  h264: 'libx264',
  h264rgb: 'libx264rgb',
  hevc: 'libx265',
  vp9: 'libvpx-vp9',
  mpeg2: 'mpeg2video',
  raw: 'lossless',
};

/**
 * Checks an output path and what was asked for against each other and against this ffmpeg. Encoders of hardware are
 * tried with one frame.
 * @param path a file, or the pattern of an image sequence such as `frames/%05d.png`
 * @throws OUTPUT_UNSUPPORTED (ending, or alpha that it does not take), ENCODER_UNAVAILABLE, FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD
 */
export async function planVideoOutput(path: string, request: VideoOutputRequest): Promise<VideoOutputPlan> {
  const { encoder: asked, info, scale = 1, bitDepth: askedDepth = 8, alpha = false } = request;
  const container = containerOf(path);
  const ending = extname(path).slice(1).toLowerCase();
  const rules: ContainerRules = CONTAINERS[container];
  const choice = alpha ? chooseForAlpha(rules, container, ending, asked) : chooseEncoder(rules, ending, asked);

  const existing = await (await findFfmpeg()).encoders();
  for (const name of new Set([ffmpegName(choice.chunkEncoder), ...(choice.needs ? [choice.needs] : [])])) {
    if (!existing.has(name)) throw await encoderMissing(name, `This ffmpeg has no encoder ${name}.`);
  }
  const { hardware, deepPixels } = factsOf(choice.chunkEncoder);
  const bitDepth = askedDepth === 10 && deepPixels !== undefined && !alpha ? 10 : 8;
  const [width, height] = scaledSize(info, scale);
  if (hardware || bitDepth === 10) {
    const reason = await tryEncoder(choice.chunkEncoder, { width, height, bitDepth });
    if (reason !== undefined) {
      const what = `${choice.encoder} cannot encode ${width} x ${height} pixels in ${bitDepth} bits here`;
      throw await encoderMissing(choice.encoder, `${what}: ${reason}.`);
    }
  }
  const audio = planAudio(rules, ending, request.audioEncoder, existing);
  if (!audio) {
    const name = request.audioEncoder ?? rules.audioEncoders[0] ?? '';
    throw await encoderMissing(name, `This ffmpeg has no audio encoder ${name}.`);
  }
  const rate = rateForContainer(rules, info, request.fps);
  return {
    ...rules,
    ...choice.converted,
    container,
    encoder: choice.encoder,
    chunkEncoder: choice.chunkEncoder,
    audio,
    bitDepth,
    ...(alpha ? { alpha } : {}),
    ...(rate ? { constantFps: rate } : {}),
    fps: rate ?? nominalRate(info, request.fps),
    notes: [
      ...choice.notes,
      ...audio.notes,
      ...(askedDepth > bitDepth ? [`${choice.encoder} in .${ending} has 8 bits; the output has no more.`] : []),
      ...(rate
        ? [`.${ending} cannot have frames at the target's times; it gets ${rateText(rate)} frames a second.`]
        : []),
      ...(rules.audioEncoders.length === 0 && info.audioStreams.length > 0 ? [`.${ending} has no sound.`] : []),
    ],
  };
}

const rateText = ({ numerator, denominator }: FrameRateFraction): string =>
  String(Math.round((numerator / denominator) * 1000) / 1000);

function containerOf(path: string): OutputContainer {
  if (isSequencePattern(path)) return 'images';
  const ending = extname(path).slice(1).toLowerCase();
  const containers = Object.entries(CONTAINERS) as [OutputContainer, ContainerRules][];
  const found = containers.find(([name, { endings }]) => name !== 'images' && endings.includes(ending));
  if (found) return found[0];
  const known = containers.flatMap(([name, { endings }]) => (name === 'images' ? [] : endings.map((e) => `.${e}`)));
  throw new AppError(
    'OUTPUT_UNSUPPORTED',
    `A video cannot be written as ${ending === '' ? basename(path) : `.${ending}`}.`,
    { hint: `Use one of ${known.join(' ')}, or a pattern such as frames/%05d.png for one photo a frame.` },
  );
}

interface Choice {
  readonly encoder: string;
  readonly chunkEncoder: ChunkEncoder;
  /** An encoder that the last step needs. */
  readonly needs?: string;
  /** Where the picture of a container that is copied otherwise must be converted. */
  readonly converted?: Pick<ContainerRules, 'finish' | 'convertsTo'>;
  readonly notes: readonly string[];
}

function chooseEncoder(rules: ContainerRules, ending: string, asked: VideoEncoder): Choice {
  if (rules.finish === 'images') return { encoder: ending, chunkEncoder: 'lossless', notes: [] };
  const { convertsTo } = rules;
  if (convertsTo !== undefined) {
    // The option always has a value, so that nobody has asked for the default here.
    const notes = rules.finish === 'convert' ? [`.${ending} does not take ${asked}; ${convertsTo} is used.`] : [];
    return { encoder: convertsTo, chunkEncoder: 'lossless', needs: convertsTo, notes };
  }
  const { codec } = factsOf(asked);
  if (!rules.codecs.includes(codec)) {
    const chunkEncoder = STANDARD_ENCODER[rules.codecs[0]!];
    return {
      ...{ encoder: chunkEncoder, chunkEncoder },
      notes: [`.${ending} does not take ${asked}; ${chunkEncoder} is used.`],
    };
  }
  if (asked === 'rawvideo') {
    const converted = { finish: 'convert', convertsTo: asked } as const;
    return { encoder: asked, chunkEncoder: 'lossless', needs: asked, notes: [], converted };
  }
  return { encoder: asked, chunkEncoder: asked, notes: [] };
}

/** Photos of a sequence that may be transparent. */
const TRANSPARENT_PHOTOS: readonly string[] = ['png', 'webp', 'tif', 'tiff', 'bmp'];

/** As `chooseEncoder`, for frames with alpha. @throws OUTPUT_UNSUPPORTED */
function chooseForAlpha(
  rules: ContainerRules,
  container: OutputContainer,
  ending: string,
  asked: VideoEncoder,
): Choice {
  const chunkEncoder = 'lossless-alpha';
  if (container === 'webm' || container === 'mkv') {
    const encoder = 'libvpx-vp9';
    const notes = asked === encoder ? [] : [`${asked} cannot be transparent; ${encoder} is used.`];
    return { encoder, chunkEncoder: encoder, notes };
  }
  if (container === 'images' && TRANSPARENT_PHOTOS.includes(ending))
    return { encoder: ending, chunkEncoder, needs: 'ffv1', notes: [] };
  if (container === 'gif' || container === 'webp') {
    const { convertsTo } = CONTAINERS[container];
    const notes = container === 'gif' ? ['A GIF is opaque or transparent and nothing in between: edges are hard.'] : [];
    return { encoder: convertsTo, chunkEncoder, needs: convertsTo, notes };
  }
  if (container === 'mov' && asked === 'rawvideo') {
    const converted = { finish: 'convert', convertsTo: asked } as const;
    return { encoder: asked, chunkEncoder, needs: asked, notes: [], converted };
  }
  const what = rules.finish === 'images' ? `Photos in .${ending}` : `A video in .${ending} by ${asked}`;
  throw new AppError('OUTPUT_UNSUPPORTED', `${what} cannot be transparent.`, {
    hint: 'Choose .webm with libvpx-vp9, a PNG sequence such as frames/%05d.png, or a colour to put behind: --background-remover-fill-color 0 255 0.',
  });
}

async function encoderMissing(name: string, message: string): Promise<AppError> {
  const working = await workingEncoders();
  return new AppError('ENCODER_UNAVAILABLE', message, {
    hint: `These work here: --output-video-encoder ${working.join(', ')}. Or install a full build of ffmpeg.`,
    details: { encoder: name, working },
  });
}
