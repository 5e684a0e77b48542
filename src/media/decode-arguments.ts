/** The command line of the decoding ffmpeg. */
import { FRAME_TIME_FILTERS } from './frame-times.ts';
import type { FrameLocation } from './locate-frame.ts';
import type { VideoInfo } from './probe.ts';
import { inputArguments } from './video-input.ts';

/** Formats whose numbers are I420 already, only perhaps in another order. */
const NATIVE_FORMATS = new Set(['yuv420p', 'yuvj420p', 'nv12', 'nv21']);
const HAS_ALPHA = /^(?:rgba|bgra|argb|abgr|ya8|ya16|gbrap|pal8)/;
/** What is transparent becomes white, as on the page of a browser; the colour behind it would be anything. */
const ON_WHITE =
  'split[picture][paper];[paper]lutrgb=r=maxval:g=maxval:b=maxval:a=maxval[white];[white][picture]overlay=format=rgb';
/** Frames of more than 8 bits, samples in 16, little end first. */
const DEEP_FORMAT = 'yuv420p10le';
/** Nits that become the white of SDR; the usual value for PQ, which counts in absolute light. */
const SDR_WHITE_NITS = 100;

/**
 * Arguments that decode the video stream to raw I420 on stdout and its time stamps to file descriptor 3.
 * @param frameCount frames to yield at most; absent means all
 * @param last       filters for upright frames of the picture's size and I420, behind all others
 */
export function decodeArguments(
  path: string,
  info: VideoInfo,
  location: FrameLocation,
  frameCount: number | undefined,
  last: readonly string[] = [],
): string[] {
  const filters = [
    // A stream may change its size on the way; the frames on the pipe may not. Nothing is done where it is the same.
    ...(isFixed(info) ? [toSize(info)] : []),
    ...(info.interlaced ? wholePictures(location.dropFrames, frameCount) : trimFilter(location.dropFrames, frameCount)),
    ...(HAS_ALPHA.test(info.pixelFormat) ? [ON_WHITE] : []),
    ...colourFilters(info),
    ...(isFixed(info) ? [] : [toSize(info)]),
    ...last,
    ...FRAME_TIME_FILTERS,
  ];
  return [
    ...['-nostdin', '-v', 'error'],
    ...(location.isKeyFrame ? ['-noaccurate_seek', '-skip_frame', 'nokey'] : []),
    ...(location.seekSeconds === undefined ? [] : ['-ss', location.seekSeconds.toFixed(6)]),
    ...['-copyts', ...(isFixed(info) ? ['-reinit_filter', '0'] : []), ...inputArguments(path)],
    ...['-map', `0:${info.streamIndex}`, '-an', '-sn', '-dn'],
    ...['-vf', filters.join(','), '-fps_mode', 'passthrough', '-pix_fmt', pixelFormatOf(info)],
    ...['-f', 'rawvideo', 'pipe:1'],
  ];
}

const toSize = ({ width, height }: VideoInfo): string => `scale=w=${width}:h=${height}:flags=bicubic`;

/**
 * Whether one graph of filters serves the whole stream. Otherwise ffmpeg begins with a new one where the size changes,
 * and `trim` counts frames anew; but the filters that turn a picture stand before all others and know one size only.
 */
const isFixed = ({ rotationDegrees }: VideoInfo): boolean => rotationDegrees === 0;

/** The format of the frames on the pipe. */
function pixelFormatOf({ frameBitDepth, pixelFormat }: VideoInfo): string {
  if (frameBitDepth === 10) return DEEP_FORMAT;
  // yuvj420p is yuv420p that says "full range". Asking for yuv420p would make ffmpeg squeeze it into limited range.
  return pixelFormat === 'yuvj420p' ? 'yuvj420p' : 'yuv420p';
}

/**
 * Makes one whole picture of the two fields of each frame. It looks at the frames before and after as well, so that
 * these are cut off only afterwards: a frame is the same wherever reading began.
 */
function wholePictures(dropFrames: number, frameCount: number | undefined): string[] {
  const before = Math.min(1, dropFrames);
  return [
    ...trimFilter(dropFrames - before, frameCount === undefined ? undefined : before + frameCount + 1),
    'bwdif=mode=send_frame:deint=all',
    ...trimFilter(before, frameCount),
  ];
}

function trimFilter(dropFrames: number, frameCount: number | undefined): string[] {
  const parts = [
    ...(dropFrames > 0 ? [`start_frame=${dropFrames}`] : []),
    ...(frameCount === undefined ? [] : [`end_frame=${dropFrames + frameCount}`]),
  ];
  return parts.length === 0 ? [] : [`trim=${parts.join(':')}`];
}

/** Conversion to 4:2:0. The matrix is always named: ffmpeg's own choice for raw video is bt601. */
function colourFilters(info: VideoInfo): string[] {
  if (info.toneMapped) {
    return [
      `zscale=t=linear:npl=${SDR_WHITE_NITS}`,
      'format=gbrpf32le',
      'zscale=p=bt709',
      'tonemap=tonemap=hable:desat=0',
      'zscale=t=bt709:m=bt709:r=tv',
      'format=yuv420p',
    ];
  }
  const isDeep = info.frameBitDepth === 10;
  if (isDeep ? info.pixelFormat === DEEP_FORMAT : NATIVE_FORMATS.has(info.pixelFormat)) return [];
  const { matrix, range } = info.colour;
  const side = range === 'full' ? 'full' : 'limited';
  const isRgb = /^(?:gbr|rgb|bgr|[arx]?(?:rgb|bgr)|pal8)/.test(info.pixelFormat);
  const from = isRgb ? '' : `in_color_matrix=${matrix}:in_range=${side}:`;
  return [
    `scale=${from}out_color_matrix=${matrix}:out_range=${side}:flags=bicubic+accurate_rnd+full_chroma_int`,
    `format=${isDeep ? DEEP_FORMAT : 'yuv420p'}`,
  ];
}
