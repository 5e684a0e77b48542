/** A video whose sound alone is another. */
import { planVideoOutput } from '../../media/plan-video-output.ts';
import { replaceSound } from '../../media/post/replace-sound.ts';
import { encoderOf, type MadeVideo, type VideoWork } from './make-video.ts';

/** @throws OUTPUT_UNSUPPORTED, OUTPUT_FAILED, FFMPEG_FAILED, CANCELLED */
export async function makeSound({ source, shape, path, signal }: VideoWork): Promise<MadeVideo> {
  const { info } = source;
  const plan = await planVideoOutput(path, { encoder: encoderOf(info), info });
  await replaceSound({
    ...{ from: source.path, info, plan, path, signal, aigc: source.aigc },
    audioFilters: shape.audioFilters ?? [],
    audioQuality: shape.quality,
  });
  return { width: info.width, height: info.height, durationSeconds: info.durationSeconds, videoBytes: source.bytes };
}
