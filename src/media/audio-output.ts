/** Which sound an output gets, and the options that make it. */
import type { AUDIO_ENCODERS } from '../core/output-options.ts';
import type { ContainerRules } from './output-containers.ts';
import type { AudioStream } from './probe.ts';

export type AudioEncoder = (typeof AUDIO_ENCODERS)[number];

/** The sound of an output, decided before the first frame. */
export interface AudioPlan {
  /** ffmpeg's name of the encoder for sound that is not copied; absent where the container has no sound. */
  readonly encoder?: string;
  /** True where the user named the encoder: then nothing is copied. */
  readonly named: boolean;
  readonly notes: readonly string[];
}

/**
 * @param asked    what the user named
 * @param existing encoders of this ffmpeg
 * @returns undefined where this ffmpeg has no encoder that the container takes
 */
export function planAudio(
  rules: ContainerRules,
  ending: string,
  asked: AudioEncoder | undefined,
  existing: ReadonlySet<string>,
): AudioPlan | undefined {
  if (rules.audioEncoders.length === 0) return { named: false, notes: [] };
  if (asked !== undefined && rules.audioEncoders.includes(asked)) {
    return existing.has(asked) ? { encoder: asked, named: true, notes: [] } : undefined;
  }
  const encoder = rules.audioEncoders.find((name) => existing.has(name));
  if (encoder === undefined) return undefined;
  const notes = asked === undefined ? [] : [`.${ending} does not take sound from ${asked}; ${encoder} is used.`];
  return { encoder, named: asked !== undefined, notes };
}

export interface AudioSettings {
  /** 0..100, for sound that is encoded anew. */
  readonly audioQuality: number;
  /** 0..100; 0 drops the sound, 100 leaves it as it is. */
  readonly audioVolume: number;
  /** Bits a second in thousands, in place of the quality, for sound that is encoded anew then. */
  readonly audioKilobits?: number | undefined;
  /** Filters of ffmpeg, one a stream, for sound that is encoded anew then. */
  readonly audioFilters?: readonly string[] | undefined;
}

/** Where a sound belongs. */
export interface AudioPlace {
  /** Number of the input on the command line. */
  readonly input: number;
  /** When the picture ends, in seconds of that input. */
  readonly endSeconds: number;
}

/** Options for all audio streams of an input. */
export function audioOptions(
  rules: ContainerRules,
  plan: AudioPlan,
  streams: readonly AudioStream[],
  settings: AudioSettings,
  { input, endSeconds }: AudioPlace,
): string[] {
  const { encoder } = plan;
  if (encoder === undefined || settings.audioVolume === 0) return [];
  const { audioQuality, audioVolume, audioKilobits, audioFilters } = settings;
  const asItIs = audioVolume === 100 && audioKilobits === undefined;
  return streams.flatMap((stream, index) => {
    const fits = rules.audioCodecs === 'any' || rules.audioCodecs.has(stream.codec);
    const map = ['-map', `${input}:a:${index}`, `-c:a:${index}`];
    const own = audioFilters?.[index];
    if (fits && !plan.named && asItIs && own === undefined) return [...map, 'copy'];
    const filters = [
      ...(audioVolume === 100 ? [] : [`volume=${audioVolume / 100}`]),
      ...(own === undefined ? [] : [own]),
      ...layoutFilter(encoder),
      ...rateFilter(encoder, rules.muxer, stream.sampleRate),
      // The muxer of MXF writes no frame that has no sound beside it.
      ...(rules.muxer === 'mxf' ? [`apad=whole_dur=${endSeconds.toFixed(6)}`] : []),
    ];
    return [
      ...[...map, encoder],
      ...(audioKilobits === undefined
        ? qualityOptions(encoder, audioQuality, index)
        : [`-b:a:${index}`, `${audioKilobits}k`]),
      ...(filters.length === 0 ? [] : [`-filter:a:${index}`, filters.join(',')]),
    ];
  });
}

/** Bits a second that MPEG-1 layer II knows, in thousands. */
const MP2_KILOBITS = [64, 96, 112, 128, 160, 192, 224, 256, 320, 384] as const;

/** Quality 0..100 on each encoder's own scale; the first four as in FaceFusion. PCM and FLAC lose nothing. */
function qualityOptions(encoder: string, quality: number, index: number): string[] {
  const between = (worst: number, best: number): number => worst + ((best - worst) * quality) / 100;
  const scale = (value: number): string[] => [`-q:a:${index}`, value.toFixed(1)];
  const kilobits = (value: number): string[] => [`-b:a:${index}`, `${Math.round(value)}k`];
  switch (encoder) {
    case 'aac':
      return scale(between(0.1, 2));
    case 'libmp3lame':
      return scale(Math.round(between(9, 0)));
    case 'libopus':
      return kilobits(between(64, 256));
    case 'libvorbis':
      return scale(between(-1, 10));
    case 'wmav2':
      return kilobits(between(32, 256));
    case 'mp2':
      return kilobits(MP2_KILOBITS[Math.round(between(0, MP2_KILOBITS.length - 1))]!);
    default:
      return [];
  }
}

/** Layouts for encoders that refuse others without saying so beforehand. */
function layoutFilter(encoder: string): string[] {
  if (encoder === 'libopus') return ['aformat=channel_layouts=7.1|5.1|stereo|mono'];
  return encoder === 'wmav2' ? ['aformat=channel_layouts=stereo|mono'] : [];
}

function rateFilter(encoder: string, muxer: string, sampleRate: number): string[] {
  // MXF knows no other rate in this muxer, and WMA none above 48 kHz.
  return muxer === 'mxf' || (encoder === 'wmav2' && sampleRate > 48_000) ? ['aresample=48000'] : [];
}
