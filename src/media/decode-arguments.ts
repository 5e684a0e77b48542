/** The command line of the decoding ffmpeg. */
import { toFfmpegFile } from './ffmpeg-process.ts';
import { FRAME_TIME_FILTERS } from './frame-times.ts';
import type { FrameLocation } from './locate-frame.ts';
import { UNTRUSTED_INPUT, type VideoInfo } from './probe.ts';

/** Formats whose numbers are I420 already, only perhaps in another order. */
const NATIVE_FORMATS = new Set(['yuv420p', 'yuvj420p', 'nv12', 'nv21']);
/** Nits that become the white of SDR; the usual value for PQ, which counts in absolute light. */
const SDR_WHITE_NITS = 100;

/**
 * Arguments that decode the video stream to raw I420 on stdout and its time stamps to file descriptor 3.
 * @param frameCount frames to yield at most; absent means all
 */
export function decodeArguments(
  path: string,
  info: VideoInfo,
  location: FrameLocation,
  frameCount: number | undefined,
): string[] {
  // yuvj420p is yuv420p that says "full range". Asking for yuv420p would make ffmpeg squeeze it into limited range.
  const pixelFormat = info.pixelFormat === 'yuvj420p' ? 'yuvj420p' : 'yuv420p';
  const filters = [
    ...trimFilter(location.dropFrames, frameCount),
    ...colourFilters(info),
    // A stream may change its size on the way; the frames on the pipe may not. Nothing is done where it is the same.
    `scale=w=${info.width}:h=${info.height}`,
    ...FRAME_TIME_FILTERS,
  ];
  return [
    ...['-nostdin', '-v', 'error', ...UNTRUSTED_INPUT],
    ...(location.seekSeconds === undefined ? [] : ['-ss', location.seekSeconds.toFixed(6)]),
    ...['-copyts', '-i', toFfmpegFile(path), '-map', `0:${info.streamIndex}`, '-an', '-sn', '-dn'],
    ...['-vf', filters.join(','), '-fps_mode', 'passthrough', '-pix_fmt', pixelFormat, '-f', 'rawvideo', 'pipe:1'],
  ];
}

function trimFilter(dropFrames: number, frameCount: number | undefined): string[] {
  const parts = [
    ...(dropFrames > 0 ? [`start_frame=${dropFrames}`] : []),
    ...(frameCount === undefined ? [] : [`end_frame=${dropFrames + frameCount}`]),
  ];
  return parts.length === 0 ? [] : [`trim=${parts.join(':')}`];
}

/** Conversion to 8-bit 4:2:0. The matrix is always named: ffmpeg's own choice for raw video is bt601. */
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
  if (NATIVE_FORMATS.has(info.pixelFormat)) return [];
  const { matrix, range } = info.colour;
  const side = range === 'full' ? 'full' : 'limited';
  const isRgb = /^(?:gbr|rgb|bgr|[arx]?(?:rgb|bgr)|pal8)/.test(info.pixelFormat);
  const from = isRgb ? '' : `in_color_matrix=${matrix}:in_range=${side}:`;
  return [
    `scale=${from}out_color_matrix=${matrix}:out_range=${side}:flags=bicubic+accurate_rnd+full_chroma_int`,
    'format=yuv420p',
  ];
}
