/** Speed of the face path and of whole videos, with their checks. */
import type { ModelStore } from '../src/engine/inference/session.ts';
import type { ProcessorDefinition } from '../src/engine/processors/processor.ts';
import type { FaceLibrary } from './face-library.ts';
import { type FacePathCase, type FacePathMeasures, measureFacePath } from './face-path.ts';
import type { ExtraOptions } from './swap-still.ts';
import { atLeast, atMost, type Check, WANTED_SPEED } from './wanted.ts';
import { measureWholeVideo, type WholeVideoMeasures } from './whole-video.ts';

export interface SpeedReport {
  readonly checks: readonly Check[];
  readonly facePath: Readonly<Record<FacePathCase, FacePathMeasures>>;
  readonly wholeVideo: WholeVideoMeasures;
}

const SOURCE = 's6#3';

/** Takes about two minutes. Wants the machine to itself: see `loadAverage` in the report. */
export async function measureSpeed(
  library: FaceLibrary,
  store: ModelStore,
  definition: ProcessorDefinition,
  extra: ExtraOptions,
  say: (text: string) => void,
): Promise<SpeedReport> {
  const source = await library.face(SOURCE);
  const measure = async (name: FacePathCase): Promise<FacePathMeasures> => {
    const measures = await measureFacePath(name, library, store, definition, extra, source);
    say(
      `${name}: ${measures.medianMilliseconds.toFixed(1)} ms, of which mesh ${measures.trackMilliseconds.toFixed(1)}`,
    );
    return measures;
  };
  const facePath = {
    face240: await measure('face240'),
    face500: await measure('face500'),
    face240WithHand: await measure('face240WithHand'),
  };
  const wholeVideo = await measureWholeVideo(library, extra);
  say(`720p: ${wholeVideo.loopFps.toFixed(1)} fps, bare ffmpeg ${wholeVideo.ffmpegFps.toFixed(1)}`);
  return {
    checks: [
      atMost('face path, 240 pixels, ms', facePath.face240.medianMilliseconds, WANTED_SPEED.face240),
      atMost('face path, 500 pixels, ms', facePath.face500.medianMilliseconds, WANTED_SPEED.face500),
      atMost(
        'face path, 240 with a hand, ms',
        facePath.face240WithHand.medianMilliseconds,
        WANTED_SPEED.face240WithHand,
      ),
      atLeast('720p video, share of bare ffmpeg', wholeVideo.loopShare, WANTED_SPEED.shareOfFfmpeg),
    ],
    facePath,
    wholeVideo,
  };
}
