/** Folds steps into files: each is made from the published output itself, so that nothing is encoded twice in a row. */
import { basename, extname } from 'node:path';
import type { PostStep, StepOf } from '../../core/post-steps/post-steps.ts';
import type { PixelRegion } from '../../media/post/clean-photo.ts';
import type { PictureRequest } from '../../trust/post/derive-picture.ts';
import type { VideoRequest } from '../../trust/post/derive-video.ts';
import type { DerivedWork } from '../../trust/post/derived-credentials.ts';
import type { HlsRequest } from '../../trust/post/hls-request.ts';
import type { PublishedSource } from '../../trust/post/published-source.ts';

/** What steps can ask for. */
export type PostRequest = VideoRequest | PictureRequest | HlsRequest;

/** What all files have in common. */
export interface CommonParts {
  /** Cleaned in the pixels of the output, before anything is laid on again. */
  readonly regions: readonly PixelRegion[];
  /** Filters of ffmpeg for a video's frames and sound that stand for clean-up and loudness. */
  readonly filters: readonly string[];
  /** One a stream; none where the sound stays. */
  readonly audioFilters?: readonly string[] | undefined;
  readonly cleanups: readonly StepOf<'cleanup'>[];
  readonly loudness?: StepOf<'loudness'> | undefined;
}

type Convert = StepOf<'convert'>;
type Bitrate = StepOf<'bitrate'>;

/** Of what is encoded again by default: the picture of the output is kept as it looks. */
const QUALITY = 80;

/** Requests for all steps, that for the main file first where it changes. */
export function planPost(steps: readonly PostStep[], source: PublishedSource, common: CommonParts): PostRequest[] {
  const names = new Names(basename(source.path, extname(source.path)));
  const inPlace = <T extends Convert | Bitrate>(list: readonly T[]): T | undefined =>
    list.find(({ beside }) => !beside);
  const ofType = <Type extends PostStep['type']>(type: Type): StepOf<Type>[] =>
    steps.filter((step): step is StepOf<Type> & PostStep => step.type === type) as StepOf<Type>[];
  const [converts, bitrates] = [ofType('convert'), ofType('bitrate')];
  const convert = inPlace(converts);
  const bitrate = inPlace(bitrates);
  const file = (role: 'main' | 'rendition', parts: { convert?: Convert | undefined; bitrate?: Bitrate | undefined }) =>
    source.kind === 'image'
      ? photoRequest(role, parts.convert, source, common, names)
      : videoRequest(role, parts, source, common, names);
  const changesMain = convert || bitrate || common.regions.length > 0 || common.audioFilters !== undefined;
  return [
    ...(changesMain ? [file('main', { convert, bitrate })] : []),
    ...converts.filter(({ beside }) => beside).map((step) => file('rendition', { convert: step })),
    ...bitrates.filter(({ beside }) => beside).map((step) => file('rendition', { convert, bitrate: step })),
    ...ofType('thumbnail').map((step) => thumbnailRequest(step, common, names)),
    ...ofType('hls').map((step) => hlsRequest(step, common)),
  ];
}

/** Names that no two files have. */
class Names {
  readonly #base: string;
  readonly #taken = new Set<string>();

  constructor(base: string) {
    this.#base = base;
  }

  take(suffix: string, ending: string): string {
    for (let number = 1; ; number++) {
      const name = `${this.#base}${suffix}${number === 1 ? '' : `-${number}`}${ending}`;
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      return name;
    }
  }
}

const scaleOf = ({ scale, height }: Pick<Convert, 'scale' | 'height'>, source: PublishedSource): number =>
  scale ?? (height === undefined ? 1 : height / source.height);

/** The ending that the source's format has; names lie. */
const endingOf = ({ path, format }: PublishedSource): string => extname(path).toLowerCase() || `.${format}`;

const suffixOf = (role: 'main' | 'rendition', convert: Convert | undefined, bitrate: Bitrate | undefined): string => {
  if (role === 'main') return '';
  if (bitrate) return bitrate.videoKbps === undefined ? `-${bitrate.targetBytes}b` : `-${bitrate.videoKbps}k`;
  return convert?.height === undefined ? '-rendition' : `-${convert.height}p`;
};

function videoRequest(
  role: 'main' | 'rendition',
  { convert, bitrate }: { convert?: Convert | undefined; bitrate?: Bitrate | undefined },
  source: PublishedSource,
  common: CommonParts,
  names: Names,
): PostRequest {
  const ending = convert ? `.${convert.format}` : endingOf(source);
  const { videoKbps, targetBytes } = bitrate ?? {};
  return {
    kind: 'video',
    role,
    name: names.take(suffixOf(role, convert, bitrate), ending),
    copiesPicture: !convert && !bitrate && common.filters.length === 0,
    shape: {
      encoder: convert?.videoEncoder,
      audioEncoder: convert?.audioEncoder,
      preset: bitrate ? 'fast' : 'veryfast',
      quality: convert?.quality ?? QUALITY,
      scale: convert ? scaleOf(convert, source) : 1,
      fps: convert?.fps,
      twoPass: bitrate?.twoPass,
      audioKilobits: bitrate?.audioKbps,
      audioFilters: common.audioFilters,
      filters: common.filters,
    },
    goal:
      videoKbps !== undefined
        ? { kind: 'kilobits', kilobits: videoKbps }
        : targetBytes !== undefined
          ? { kind: 'bytes', bytes: targetBytes }
          : undefined,
    work: workOf(common, [convert, bitrate]),
    record: recordOf(common, [convert, bitrate]),
  };
}

function photoRequest(
  role: 'main' | 'rendition',
  convert: Convert | undefined,
  source: PublishedSource,
  common: CommonParts,
  names: Names,
): PostRequest {
  return {
    kind: 'picture',
    role,
    name: names.take(suffixOf(role, convert, undefined), convert ? `.${convert.format}` : endingOf(source)),
    isAlone: true,
    at: 'first',
    size: { scale: convert ? scaleOf(convert, source) : 1 },
    quality: convert?.quality ?? QUALITY,
    regions: common.regions,
    work: workOf(common, [convert]),
    record: recordOf(common, [convert]),
  };
}

/** Of a thumbnail in JPEG or WebP. */
const THUMBNAIL_QUALITY = 85;

function thumbnailRequest(step: StepOf<'thumbnail'>, common: CommonParts, names: Names): PostRequest {
  return {
    kind: 'picture',
    role: 'poster',
    name: names.take('-thumbnail', `.${step.format}`),
    isAlone: false,
    at: step.at,
    size: { width: step.width },
    quality: THUMBNAIL_QUALITY,
    regions: common.regions,
    work: workOf(common, [step]),
    record: recordOf(common, [step]),
  };
}

const hlsRequest = (step: StepOf<'hls'>, common: CommonParts): PostRequest => ({
  ...{ kind: 'hls', role: 'playlist', name: 'hls/master.m3u8' },
  ...{ heights: step.heights, segmentSeconds: step.segmentSeconds, poster: step.poster, sprites: step.sprites },
  ...{ filters: common.filters, regions: common.regions, audioFilters: common.audioFilters },
  work: workOf(common, [step]),
  record: recordOf(common, [step]),
});

const DESCRIPTIONS: Readonly<Record<PostStep['type'], string>> = {
  cleanup: 'A region was filled.',
  loudness: 'The loudness of its sound was set.',
  convert: 'It was encoded in another format or size.',
  bitrate: 'It was encoded with another bit rate.',
  thumbnail: 'A picture was taken.',
  hls: 'It was cut into segments in several sizes.',
};

/** What credentials say of a file. */
export function workOf({ cleanups, loudness }: CommonParts, steps: readonly (PostStep | undefined)[]): DerivedWork[] {
  const edited = cleanups.length > 0 ? [{ action: 'c2pa.edited' as const, description: DESCRIPTIONS.cleanup }] : [];
  const others = [loudness, ...steps].filter((step) => step !== undefined);
  return [
    ...edited,
    ...others.map(({ type }) => ({ action: 'c2pa.transcoded' as const, description: DESCRIPTIONS[type] })),
  ];
}

/** What the audit log says of a file: every step that is in it, with its options. */
export const recordOf = ({ cleanups, loudness }: CommonParts, steps: readonly (PostStep | undefined)[]) =>
  JSON.parse(JSON.stringify([...cleanups, loudness, ...steps].filter((step) => step !== undefined)));
