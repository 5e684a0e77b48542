/** Tiny photos and videos, so that three workers get through twenty jobs on two cores. */
import sharp from 'sharp';
import { ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';

export interface ChaosMedia {
  readonly source: string;
  /** Each shows one face. */
  readonly photos: readonly string[];
  readonly videos: readonly string[];
}

/** Frames of each video: three chunks of `CHUNK` or so. */
export const FRAMES = 30;
export const CHUNK = 10;
/** Where the videos begin, in seconds of the sample. */
const BEGINNINGS = [0, 2, 4];
/** The mark of a smaller photo may be too weak to be read, which is no fault of the cluster. */
const WIDTHS = [400, 440, 480];

export async function makeMedia(at: (name: string) => string): Promise<ChaosMedia> {
  const face = sharp(samplePhotoPath(3)).extract({ left: 1000, top: 120, width: 520, height: 640 });
  await face.clone().resize(320).png().toFile(at('source.png'));
  const photos = await Promise.all(
    WIDTHS.map(async (width) => {
      await face
        .clone()
        .flop()
        .resize(width)
        .jpeg()
        .toFile(at(`photo-${width}.jpg`));
      return at(`photo-${width}.jpg`);
    }),
  );
  const videos = BEGINNINGS.map((seconds) => {
    ffmpeg(
      ...['-ss', String(seconds), '-i', sampleVideoPath('cap12_edit')],
      ...['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=44100', '-frames:v', String(FRAMES), '-shortest'],
      ...['-vf', 'scale=200:150', '-c:v', 'libx264', '-preset', 'veryfast', '-g', String(CHUNK), '-c:a', 'aac'],
      at(`clip-${seconds}.mp4`),
    );
    return at(`clip-${seconds}.mp4`);
  });
  return { source: at('source.png'), photos, videos };
}
