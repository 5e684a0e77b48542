import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, makeClip, makeFolder, removeFolder } from '../../test/helpers/make-media.ts';
import { sniffBytes, sniffMedia } from './sniff.ts';

let folder: string;
let clip: string;
beforeAll(async () => {
  folder = await makeFolder();
  clip = await makeClip(join(folder, 'clip.mkv'), {
    seconds: 0.2,
    size: '64x64',
    audio: true,
    output: ['-c:a', 'aac'],
  });
});
afterAll(() => removeFolder(folder));

describe('sniffMedia', () => {
  it.each(['jpg', 'png', 'webp', 'tiff', 'avif', 'gif'])('knows a %s without its name', async (format) => {
    const path = join(folder, `photo-${format}`);
    const photo = sharp({ create: { width: 16, height: 16, channels: 3, background: '#804020' } });
    await photo.toFormat(format as 'jpeg').toFile(path);
    expect(await sniffMedia(path)).toEqual({ kind: 'image', format });
  });

  it.each([
    ['mp4', 'mp4', ['-c', 'copy']],
    ['mov', 'mov', ['-c', 'copy']],
    ['m4v', 'ipod', ['-c', 'copy']],
    ['mkv', 'matroska', ['-c', 'copy']],
    ['webm', 'webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-an']],
    ['avi', 'avi', ['-c:v', 'mpeg4', '-an']],
    ['wmv', 'asf', ['-c:v', 'wmv2', '-an']],
    ['mpeg', 'mpeg', ['-c:v', 'mpeg2video', '-an']],
    ['ts', 'mpegts', ['-c', 'copy']],
    ['mxf', 'mxf', ['-c:v', 'mpeg2video', '-an']],
    ['flv', 'flv', ['-c', 'copy']],
  ])('knows a %s without its name', async (format, muxer, codecs) => {
    const path = join(folder, `video-${format}`);
    await ffmpeg('-i', clip, ...codecs, '-f', muxer, path);
    expect(await sniffMedia(path)).toEqual({ kind: 'video', format });
  });

  it.each([
    ['wav', 'wav', 'pcm_s16le'],
    ['flac', 'flac', 'flac'],
    ['m4a', 'ipod', 'aac'],
    ['aac', 'adts', 'aac'],
  ])('knows the sound format %s', async (format, muxer, codec) => {
    const path = join(folder, `sound-${format}`);
    await ffmpeg('-i', clip, '-vn', '-c:a', codec, '-f', muxer, path);
    expect(await sniffMedia(path)).toEqual({ kind: 'audio', format });
  });

  it('knows nothing of text, of a lone BM and of a few bytes', () => {
    for (const text of [
      '',
      'B',
      'BM rather long text that begins like a bitmap file',
      '#EXTM3U\n',
      '<svg/>',
      'ffconcat',
    ]) {
      expect(sniffBytes(Buffer.from(text))).toEqual({ kind: 'unknown', format: 'unknown' });
    }
  });
});
