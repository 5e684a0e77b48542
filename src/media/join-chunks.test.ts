import { mkdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeClip, makeFolder, packetTimes, probeEntries, removeFolder } from '../../test/helpers/make-media.ts';
import { type ChunkWriterOptions, openChunkWriter, type TimedFrame } from './chunk-writer.ts';
import { countMp4Frames } from './count-mp4-frames.ts';
import { type JoinedChunk, joinChunks } from './join-chunks.ts';
import { planVideoOutput } from './plan-video-output.ts';
import { probeVideo } from './probe.ts';

const SIZE = 64;
const CHUNKS = 40;
const CHUNK_FRAMES = 6;

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** A ball that moves, so that there is something to predict from before and after. */
function drawFrame(number: number, ptsSeconds: number): TimedFrame {
  const data = new Uint8Array((SIZE * SIZE * 3) / 2).fill(128);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      data[y * SIZE + x] = (x - (number % SIZE)) ** 2 + (y - 32) ** 2 < 150 ? 220 : 40 + x;
    }
  }
  return { data, width: SIZE, height: SIZE, colour: { matrix: 'bt601', range: 'limited' }, ptsSeconds };
}

async function encodeChunks(
  options: ChunkWriterOptions,
  times: readonly number[],
  chunkFrames: number,
  where: string,
): Promise<JoinedChunk[]> {
  await mkdir(where);
  const chunks: JoinedChunk[] = [];
  // The end of one overlaps the beginning of the next, as in a run.
  const finishing: Promise<void>[] = [];
  for (let first = 0; first < times.length; first += chunkFrames) {
    const path = join(where, `${chunks.length}.mp4`);
    const writer = openChunkWriter(path, options);
    const shown = times.slice(first, first + chunkFrames);
    for (const [index, time] of shown.entries()) await writer.write(drawFrame(first + index, time));
    chunks.push({ path, firstSeconds: shown[0]!, frames: shown.length });
    finishing.push(
      writer.finish().then((written) => {
        expect(written).toMatchObject({ frames: shown.length, firstSeconds: shown[0]! });
      }),
    );
  }
  await Promise.all(finishing);
  return chunks;
}

const worstMilliseconds = (one: readonly number[], other: readonly number[]): number => {
  expect(one).toHaveLength(other.length);
  return Math.max(...one.map((time, index) => Math.abs(time - other[index]!))) * 1000;
};

describe('40 chunks with B-frames', () => {
  it.each([
    ['23.976', '24000/1001', (frame: number) => (frame * 1001) / 24000],
    ['29.97', '30000/1001', (frame: number) => (frame * 1001) / 30000],
    // Between 3 ms and 1 s apart, without any pattern that chunks could follow.
    [
      'a variable rate',
      '25',
      (frame: number) =>
        Math.round(90 * (frame * 40 + (frame % 7) * 5 + (frame % 11 > 8 ? 6 : 0))) / 90_000 + Math.floor(frame / 17),
    ],
  ])('keep %s exactly, and the sound with it', async (name, rate, timeOf) => {
    const times = Array.from({ length: CHUNKS * CHUNK_FRAMES }, (_, frame) => timeOf(frame));
    const target = await makeClip(join(folder, `${name}.mp4`), {
      ...{ size: `${SIZE}x${SIZE}`, seconds: 0.2, audio: 10, filter: `fps=${rate}` },
      output: name === 'a variable rate' ? ['-video_track_timescale', '90000'] : [],
    });
    const targetSound = await packetTimes(target, 'a:0');
    const info = await probeVideo(target);
    const request = { encoder: 'libx264', info } as const;
    const plan = await planVideoOutput('out.mp4', request);
    const options = { info, plan, preset: 'veryfast', quality: 60, scale: 1 } as const;
    const chunks = await encodeChunks(options, times, CHUNK_FRAMES, join(folder, name));
    expect(await probeEntries(chunks[0]!.path, 'stream=has_b_frames')).toEqual({ has_b_frames: '2' });

    const endSeconds = times.at(-1)! + 1 / info.fps;
    for (const ending of ['mp4', 'mkv', 'mov']) {
      const outputPath = join(folder, `${name}-out.${ending}`);
      const rest = { ...options, othersFrom: target, audioVolume: 100, audioQuality: 80, trim: false, endSeconds };
      await joinChunks({ ...rest, chunks, outputPath, plan: await planVideoOutput(outputPath, request) });
      const sound = await packetTimes(outputPath, 'a:0');
      // Sound begins a little before 0. Matroska has no such times, and its muxer moves everything.
      const shift = sound[0]! - targetSound[0]!;
      expect(shift).toBeCloseTo(ending === 'mkv' ? 0.023 : 0, 3);
      const worst = worstMilliseconds(
        (await packetTimes(outputPath)).map((time) => time - shift),
        times,
      );
      expect(worst).toBeLessThan(ending === 'mkv' ? 1 : 0.001);
      expect(sound).toHaveLength(targetSound.length);
    }
  });
});

describe('a chunk', () => {
  it('is told from one that lacks its end', async () => {
    const target = await makeClip(join(folder, 'short.mp4'), { size: '64x64', seconds: 0.4 });
    expect(await countMp4Frames(target)).toBe(10);
    await truncate(target, (await stat(target)).size - 1);
    expect(await countMp4Frames(target)).toBe(0);
  });
});
