/** What is shown before a video plays and while somebody looks for a place in it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planSprites, spriteCues, writeSprites } from '../../media/post/sprite-sheet.ts';
import { readImage } from '../../media/read-image.ts';
import { writeImage } from '../../media/write-image.ts';
import { FOR_EVER } from './derived-output.ts';
import type { HlsRequest } from './hls-request.ts';
import { makePicture } from './make-picture.ts';
import type { Verified } from './make-verified.ts';
import type { Workbench } from './workbench.ts';

/** Of JPEG. */
const QUALITY = 85;

/** The picture before the video plays: its middle, as large as the output. */
export async function derivePoster(bench: Workbench, request: HlsRequest): Promise<void> {
  const { source, signal } = bench;
  const path = join(bench.folder, 'hls', 'poster.jpg');
  const work = {
    source,
    signal,
    at: 'middle',
    size: { scale: 1 },
    quality: QUALITY,
    regions: request.regions,
  } as const;
  const { mark, width, height } = await bench.verified(
    {
      ...{ kind: 'image', name: 'hls/poster.jpg', isAlone: false },
      make: (file, layOn) => makePicture({ ...work, path: file, layOn }),
    },
    path,
  );
  await bench.keep({
    ...{ name: 'hls/poster.jpg', role: 'poster', work: request.work, record: request.record },
    ...{ path, mark, width, height, cacheControl: FOR_EVER },
    rename: (sha256) => `hls/poster-${sha256.slice(0, 16)}.jpg`,
  });
}

/**
 * Thumbnails in one picture. Each is too small for the mark, the sheet is not: it is marked as a whole.
 * @param video the smallest rendition
 */
export async function deriveSprites(
  bench: Workbench,
  request: HlsRequest,
  video: Verified & { readonly path: string; readonly fps: number },
): Promise<void> {
  const seconds = video.durationSeconds ?? 0;
  const sheet = planSprites(video.width, video.height, seconds, video.fps);
  const sheetPath = join(bench.folder, 'sprites.png');
  await writeSprites(video.path, sheet, sheetPath, bench.signal);
  const path = join(bench.folder, 'hls', 'sprites.jpg');
  const { mark, width, height } = await bench.verified(
    {
      ...{ kind: 'image', name: 'hls/sprites.jpg', isAlone: false },
      async make(file, layOn) {
        const read = await readImage(sheetPath);
        layOn(read.image);
        const options = { quality: QUALITY, aigc: bench.source.aigc };
        await writeImage({ path: file, partialPath: file }, read.image, read, options);
        return read.image;
      },
    },
    path,
  );
  const kept = await bench.keep({
    ...{ name: 'hls/sprites.jpg', role: 'sprite', work: request.work, record: request.record },
    ...{ path, mark, width, height, cacheControl: FOR_EVER },
    rename: (sha256) => `hls/sprites-${sha256.slice(0, 16)}.jpg`,
  });
  const cuesPath = join(bench.folder, 'hls', 'sprites.vtt');
  await writeFile(cuesPath, spriteCues(kept.name.slice('hls/'.length), sheet, seconds));
  await bench.keep({
    ...{ name: 'hls/sprites.vtt', role: 'captions', work: request.work, record: request.record },
    ...{ path: cuesPath, mark: 'none', isWhole: false, cacheControl: FOR_EVER },
    rename: (sha256) => `hls/sprites-${sha256.slice(0, 16)}.vtt`,
  });
}
