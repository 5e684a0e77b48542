import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, makeClip, makeFolder, removeFolder } from '../../test/helpers/make-media.ts';
import { type AppError, isAppError } from '../core/errors.ts';
import { type ChunkWriterOptions, openChunkWriter } from './chunk-writer.ts';
import { joinChunks } from './join-chunks.ts';
import { planVideoOutput } from './plan-video-output.ts';
import { probeVideo } from './probe.ts';
import { openVideoReader, readVideoFrame, type VideoFrame } from './video-reader.ts';

let folder: string;
let clip: string;
beforeAll(async () => {
  folder = await makeFolder();
  // Scenes change all the time, so that the file is long enough to be cut anywhere.
  clip = await makeClip(join(folder, 'clip.mp4'), {
    seconds: 4,
    audio: true,
    output: ['-movflags', '+faststart', '-g', '25'],
  });
});
afterAll(() => removeFolder(folder));

/** The AppError that this ends with. */
async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isAppError(error)) return error;
  throw new Error(`expected an AppError, got ${String(error)}`);
}

const encoding = async (): Promise<ChunkWriterOptions> => {
  const info = await probeVideo(clip);
  const plan = await planVideoOutput('out.mp4', { encoder: 'libx264', info });
  return { info, plan, preset: 'ultrafast', quality: 60, scale: 1 };
};

describe('input that is no video', () => {
  it('tells a missing file, a folder, a device and an empty file', async () => {
    expect((await refusal(probeVideo(join(folder, 'none.mp4')))).code).toBe('INPUT_NOT_FOUND');
    expect((await refusal(probeVideo(folder))).code).toBe('INPUT_NOT_A_FILE');
    expect((await refusal(probeVideo('/dev/null'))).code).toBe('INPUT_NOT_A_FILE');
    await writeFile(join(folder, 'empty.mp4'), '');
    expect((await refusal(probeVideo(join(folder, 'empty.mp4')))).code).toBe('INPUT_UNREADABLE');
  });

  it('tells text and playlists that are named as videos', async () => {
    await writeFile(join(folder, 'text.mp4'), 'this is no video\n'.repeat(100));
    expect((await refusal(probeVideo(join(folder, 'text.mp4')))).code).toBe('INPUT_UNSUPPORTED');
    await writeFile(join(folder, 'list.mp4'), `ffconcat version 1.0\nfile '${clip}'\n`);
    expect((await refusal(probeVideo(join(folder, 'list.mp4')))).code).toBe('INPUT_UNSUPPORTED');
    await writeFile(join(folder, 'list.ts'), `#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n`);
    expect((await refusal(probeVideo(join(folder, 'list.ts')))).code).toBe('INPUT_UNSUPPORTED');
  });

  it('tells an MP4 without its index, and one of noise', async () => {
    const late = await makeClip(join(folder, 'late-index.mp4'));
    await truncate(late, (await stat(late)).size / 2);
    const error = await refusal(probeVideo(late));
    expect(error.code).toBe('INPUT_UNREADABLE');
    expect(error.message).toContain('moov');
    const noise = Buffer.alloc(20_000, 0x5a);
    noise.write('\0\0\0\x18ftypisom', 0, 'latin1');
    await writeFile(join(folder, 'noise.mp4'), noise);
    expect((await refusal(probeVideo(join(folder, 'noise.mp4')))).code).toBe('INPUT_UNREADABLE');
  });

  it('tells a file with sound only', async () => {
    const sound = join(folder, 'sound.mp4');
    await ffmpeg('-i', clip, '-map', '0:a', '-c', 'copy', sound);
    expect((await refusal(probeVideo(sound))).code).toBe('INPUT_UNSUPPORTED');
  });

  it('keeps to its limits', async () => {
    const pixels = await refusal(probeVideo(clip, { maxPixels: 1000 }));
    expect(pixels).toMatchObject({ code: 'INPUT_TOO_LARGE' });
    expect(pixels.message).toContain('1000');
    expect((await refusal(probeVideo(clip, { maxDurationSeconds: 2 }))).code).toBe('INPUT_TOO_LARGE');
  });
});

describe('a video that ends early', () => {
  it.each(['mp4', 'mkv', 'avi'])('yields what is there, then throws VIDEO_TRUNCATED (%s)', async (ending) => {
    const cut = join(folder, `cut.${ending}`);
    if (ending === 'mp4') await copyFile(clip, cut);
    else await ffmpeg('-i', clip, '-c', 'copy', cut);
    await truncate(cut, Math.round((await stat(cut)).size / 2));
    const info = await probeVideo(cut);
    const reader = openVideoReader(cut, info);
    let frames = 0;
    const error = await refusal(
      (async () => {
        for await (const frame of reader) frames = frame.index + 1;
      })(),
    );
    expect(error.code).toBe('VIDEO_TRUNCATED');
    expect(error.details).toMatchObject({ frames });
    expect(frames).toBeGreaterThan(20);
    expect(frames).toBeLessThan(80);
    expect(reader.outcome).toMatchObject({ frames, truncated: true });
  });

  it('joins the frames that are there with the sound that is there', async () => {
    const cut = join(folder, 'cut-for-partial.mp4');
    await copyFile(clip, cut);
    await truncate(cut, Math.round((await stat(cut)).size / 2));
    const options = { ...(await encoding()), info: await probeVideo(cut) };
    const path = join(folder, 'cut-chunk.mp4');
    await using writer = openChunkWriter(path, options);
    let end = 0;
    const error = await refusal(
      (async () => {
        for await (const frame of openVideoReader(cut, options.info)) {
          await writer.write(frame);
          end = frame.ptsSeconds + 1 / options.info.fps;
        }
      })(),
    );
    expect(error.code).toBe('VIDEO_TRUNCATED');
    const chunk = { path, ...(await writer.finish()) };
    const joined = join(folder, 'cut-out.mp4.partial');
    const rest = { othersFrom: cut, endSeconds: end, trim: false, audioVolume: 100, audioQuality: 80 };
    await joinChunks({ ...options, ...rest, chunks: [chunk], outputPath: joined });
    expect(await countByDecoding(joined)).toBe(chunk.frames);
  });

  it('does not take edit lists or a long last frame for truncation', async () => {
    const edited = join(folder, 'edited.mp4');
    await ffmpeg('-ss', '1.3', '-i', clip, '-c', 'copy', edited);
    expect(await countByDecoding(edited)).toBeGreaterThan(60);
    const slides = await makeClip(join(folder, 'slides.mkv'), { fps: 1, seconds: 3, output: ['-g', '1'] });
    expect(await countByDecoding(slides)).toBe(3);
  });
});

async function countByDecoding(path: string): Promise<number> {
  let frames = 0;
  for await (const _ of openVideoReader(path, await probeVideo(path))) frames++;
  return frames;
}

describe('reading from the middle', () => {
  it('gives the same frames as reading from the start, by seeking and by dropping', async () => {
    const long = await makeClip(join(folder, 'long.mp4'), {
      seconds: 8,
      size: '128x96',
      fps: 30,
      output: ['-bf', '2', '-g', '48'],
    });
    const info = await probeVideo(long);
    const all: { data: Uint8Array; pts: number }[] = [];
    for await (const frame of openVideoReader(long, info))
      all.push({ data: frame.data.slice(), pts: frame.ptsSeconds });
    expect(all).toHaveLength(240);
    for (const start of [1, 99, 101, 144, 177, 239]) {
      let index = start;
      for await (const frame of openVideoReader(long, info, { startFrame: start, endFrame: start + 5 })) {
        expect(frame.index).toBe(index);
        expect(frame.ptsSeconds).toBeCloseTo(all[index]!.pts, 5);
        expect(Buffer.compare(frame.data, all[index]!.data)).toBe(0);
        index++;
      }
      expect(index).toBe(Math.min(240, start + 5));
    }
    const one = await readVideoFrame(long, info, 200);
    expect(Buffer.compare(one.data, all[200]!.data)).toBe(0);
    expect(one.ptsSeconds).toBeCloseTo(200 / 30, 4);
    expect((await refusal(readVideoFrame(long, info, 240))).code).toBe('OPTION_INVALID');
  });

  it('lends frames for as long as the look-ahead says, from a bounded pool', async () => {
    const info = await probeVideo(clip);
    const window: VideoFrame[] = [];
    const buffers = new Set<ArrayBufferLike>();
    for await (const frame of openVideoReader(clip, info, { lookAhead: 2 })) {
      buffers.add(frame.data.buffer);
      // Marks the frame, to see whether somebody else writes into it while it is lent.
      frame.data.fill(frame.index % 251, 0, 100);
      window.push(frame);
      if (window.length > 3) window.shift();
      for (const held of window) expect(held.data[50]).toBe(held.index % 251);
    }
    expect(buffers.size).toBeLessThanOrEqual(6);
  });

  it('reads nothing of an empty range', async () => {
    const reader = openVideoReader(clip, await probeVideo(clip), { startFrame: 5, endFrame: 5 });
    for await (const _ of reader) expect.unreachable();
    expect(reader.outcome).toEqual({ frames: 0, truncated: false });
  });
});

describe('interruptions', () => {
  it('ends ffmpeg when the loop is left, and when the reader is disposed', async () => {
    const reader = openVideoReader(clip, await probeVideo(clip));
    for await (const frame of reader) if (frame.index === 3) break;
    expect(isRunning(reader.processId)).toBe(false);
    const second = openVideoReader(clip, await probeVideo(clip));
    const frames = second[Symbol.asyncIterator]();
    await frames.next();
    expect(isRunning(second.processId)).toBe(true);
    await second[Symbol.asyncDispose]();
    expect(isRunning(second.processId)).toBe(false);
  });

  it('is cancelled by its signal', async () => {
    const abort = new AbortController();
    const reader = openVideoReader(clip, await probeVideo(clip), { signal: abort.signal });
    const error = await refusal(
      (async () => {
        for await (const frame of reader) if (frame.index === 2) abort.abort();
      })(),
    );
    expect(error.code).toBe('CANCELLED');
    expect(isRunning(reader.processId)).toBe(false);
  });

  it('reports a decoder that was killed', async () => {
    const reader = openVideoReader(clip, await probeVideo(clip));
    const error = await refusal(
      (async () => {
        for await (const frame of reader) if (frame.index === 0) process.kill(reader.processId!, 'SIGKILL');
      })(),
    );
    expect(error.code).toBe('FFMPEG_FAILED');
    expect(error.message).toContain('SIGKILL');
  });

  it('reports an encoder that was killed, and leaves nothing behind', async () => {
    const options = await encoding();
    const here = join(folder, 'killed');
    await mkdir(here);
    const run = async (): Promise<void> => {
      await using writer = openChunkWriter(join(here, 'chunk.mp4'), options);
      for await (const frame of openVideoReader(clip, options.info)) {
        await writer.write(frame);
        if (frame.index === 10) process.kill(writer.processId!, 'SIGKILL');
      }
      await writer.finish();
    };
    const error = await refusal(run());
    expect(error.code).toBe('FFMPEG_FAILED');
    expect(error.message).toContain('SIGKILL');
    expect(await readdir(here)).toEqual([]);
  });

  it('leaves nothing of a chunk that is abandoned, and all of one that is finished', async () => {
    const options = await encoding();
    const here = join(folder, 'abandoned');
    await mkdir(here);
    const frame = await readVideoFrame(clip, options.info, 0);
    await using whole = openChunkWriter(join(here, 'whole.mp4'), options);
    await using half = openChunkWriter(join(here, 'half.mp4'), options);
    await whole.write({ ...frame, ptsSeconds: 7 });
    await half.write({ ...frame, ptsSeconds: 8 });
    const finished = whole.finish();
    await half.write({ ...frame, ptsSeconds: 9 });
    await half.abandon();
    expect(isRunning(half.processId)).toBe(false);
    expect(await finished).toMatchObject({ frames: 1, firstSeconds: 7, durationSeconds: 1 / options.info.fps });
    await whole.abandon();
    expect(await readdir(here)).toEqual(['whole.mp4']);
    expect((await stat(join(here, 'whole.mp4'))).mode & 0o077).toBe(0);
  });

  it('leaves nothing of a chunk that is abandoned while its first frame is on the way', async () => {
    const options = await encoding();
    const here = join(folder, 'early');
    await mkdir(here);
    const frame = await readVideoFrame(clip, options.info, 0);
    const writer = openChunkWriter(join(here, 'chunk.mp4'), options);
    const written = writer.write({ ...frame, ptsSeconds: 0 }).catch(() => undefined);
    await writer.abandon();
    await written;
    expect(isRunning(writer.processId)).toBe(false);
    expect(await readdir(here)).toEqual([]);
  });

  it('reports a full disk', async (context) => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const mounted = await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).then(
      () => true,
      () => false,
    );
    context.skip(!mounted, 'a small disk can be mounted by root only');
    try {
      const options = await encoding();
      const run = async (): Promise<void> => {
        await using writer = openChunkWriter(join(disk, 'chunk.mp4'), options);
        for await (const frame of openVideoReader(clip, options.info)) await writer.write(frame);
        await writer.finish();
      };
      const error = await refusal(run());
      expect(error.code).toBe('OUTPUT_FAILED');
      expect(error.hint).toContain('space');
      expect(await readdir(disk)).toEqual([]);
    } finally {
      await promisify(execFile)('umount', ['-l', disk]);
    }
  });
});

function isRunning(processId: number | undefined): boolean {
  try {
    process.kill(processId!, 0);
    return true;
  } catch {
    return false;
  }
}
