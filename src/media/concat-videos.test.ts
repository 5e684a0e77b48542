import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ffmpeg,
  makeClip,
  makeFolder,
  packetTimes,
  probeEntries,
  removeFolder,
  streamCodecs,
} from '../../test/helpers/make-media.ts';
import { isMarked } from '../trust/provenance.ts';
import { concatVideos } from './concat-videos.ts';
import { probeVideo } from './probe.ts';

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

const part = async (path: string) => ({ path, info: await probeVideo(path) });

describe('concatVideos', () => {
  it.each(['mp4', 'mkv', 'mov', 'ts'])(
    'joins %s with sound, every frame once and in order, and marks the whole',
    async (ending) => {
      const one = await part(await makeClip(`${folder}/it's one.${ending}`, { seconds: 0.8, audio: true }));
      const other = await part(await makeClip(`${folder}/other.${ending}`, { seconds: 1.2, audio: true }));
      const outputPath = `${folder}/joined.${ending}`;
      expect(await concatVideos({ parts: [one, other, one], outputPath })).toBe(70);
      const times = await packetTimes(outputPath);
      expect(times).toHaveLength(70);
      expect(new Set(times.map((time) => time.toFixed(4))).size).toBe(70);
      expect(await streamCodecs(outputPath)).toEqual(await streamCodecs(one.path));
      expect(await isMarked(outputPath)).toBe(true);
    },
  );

  it('refuses parts that differ, and says in what', async () => {
    const one = await part(await makeClip(`${folder}/a.mp4`, { seconds: 0.4 }));
    const small = `${folder}/small.mp4`;
    await ffmpeg('-i', one.path, '-vf', 'scale=64:64', small);
    const parts = [one, await part(small)];
    await expect(concatVideos({ parts, outputPath: `${folder}/b.mp4` })).rejects.toMatchObject({
      ...{ code: 'INPUT_UNSUPPORTED', details: { trait: 'size' } },
    });
    const gif = concatVideos({ parts: [one, one], outputPath: `${folder}/b.gif` });
    await expect(gif).rejects.toMatchObject({ code: 'OUTPUT_UNSUPPORTED' });
    await expect(probeEntries(`${folder}/b.mp4`, 'stream=codec_name')).rejects.toThrow();
  });
});
