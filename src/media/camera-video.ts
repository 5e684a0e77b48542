/** What a recording of a camera is, for those who encode and join it. */
import type { I420Frame } from '../core/image.ts';
import type { VideoInfo } from './probe.ts';
import type { ColourTags } from './video-colour.ts';

/** Frames a second that cameras give. For rate control and the length of the last frame only: frames have their own times. */
const CAMERA_FPS = 30;
/** Of MPEG: any time of a frame is exact enough. */
const TICKS = 90_000;

/** @param frame one of the recording; all are as it is */
export function cameraVideo({ width, height, colour }: Omit<I420Frame, 'data'>): VideoInfo {
  return {
    ...{ container: 'mp4', codec: 'rawvideo', pixelFormat: 'yuv420p', bitDepth: 8, frameBitDepth: 8 },
    ...{ width, height, frameWidth: width, frameHeight: height, codedWidth: width, codedHeight: height },
    ...{ padded: false, rotationDegrees: 0, pixelAspect: '1:1', interlaced: false, isHdr: false, toneMapped: false },
    ...{ fps: CAMERA_FPS, fpsFraction: { numerator: CAMERA_FPS, denominator: 1 }, baseFps: CAMERA_FPS },
    ...{ variableFrameRate: true, timeBase: { numerator: 1, denominator: TICKS } },
    ...{ frameCountEstimate: 0, frameCountStated: false, durationSeconds: 0, durationStated: false, startSeconds: 0 },
    colour: { ...colour, matrixGuessed: false, tags: tagsOf(colour) },
    ...{ streamIndex: 0, audioStreams: [], subtitleStreams: [], texts: [], endsEarly: false, notes: [] },
  };
}

function tagsOf({ matrix, range }: I420Frame['colour']): ColourTags {
  const own = matrix === 'bt709' ? 'bt709' : 'smpte170m';
  return { matrix: own, primaries: own, transfer: own, range: range === 'full' ? 'pc' : 'tv' };
}
