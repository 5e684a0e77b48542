/** A preview of a frame in a range is made with the settings of the range. */
import { openAsBlob } from 'node:fs';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { openService } from '../helpers/service.ts';

it('of the API, as its job would make it', async () => {
  const folder = createRunFolder();
  try {
    const clip = folder.at('clip.mp4');
    const encode = ['-an', '-frames:v', '24', '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
    ffmpeg('-ss', '4', '-i', sampleVideoPath('cap12_edit'), ...encode, clip);
    await using service = await openService({}, { withWorker: true });
    const client = createClient({ baseUrl: service.url, key: await service.key() });
    const face = await sharp(samplePhotoPath(1)).resize(900).png().toBuffer();
    const source = await client.uploadFile(new Blob([Uint8Array.from(face)]), { fileName: 'face.png' });
    const target = await client.uploadFile(await openAsBlob(clip), { fileName: 'clip.mp4' });
    const preview = async (frameNumber: number) => {
      const { data } = await client.POST('/v1/preview', {
        body: {
          ...{ sources: [source.id], target: target.id, frameNumber, options: { preset: 'fast' } },
          ranges: [{ start: 8, end: 16, off: true }],
        },
      });
      return typeof data === 'object' ? data.frames.changed : undefined;
    };
    expect([await preview(4), await preview(10)]).toEqual([1, 0]);
  } finally {
    folder.remove();
  }
});
