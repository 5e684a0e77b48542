import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyVideo } from '../../test/helpers/copy-video.ts';
import {
  ffmpeg,
  lumaPsnr,
  makeClip,
  makeFolder,
  makeVariableClip,
  packetTimes,
  probeEntries,
  removeFolder,
  streamCodecs,
} from '../../test/helpers/make-media.ts';
import { AI_COMMENT } from './ai-marking.ts';
import { probeVideo } from './probe.ts';
import { openVideoReader } from './video-reader.ts';

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** Largest difference between two lists of times that begin together, in milliseconds. */
function worstTiming(one: readonly number[], other: readonly number[]): number {
  expect(one.length).toBe(other.length);
  return Math.max(...one.map((time, index) => Math.abs(time - other[index]!))) * 1000;
}

/** Mean luma of all frames. */
async function meanLuma(path: string): Promise<number> {
  let sum = 0;
  let count = 0;
  for await (const frame of openVideoReader(path, await probeVideo(path))) {
    const pixels = frame.width * frame.height;
    for (let pixel = 0; pixel < pixels; pixel += 7) sum += frame.data[pixel]!;
    count += Math.ceil(pixels / 7);
  }
  return sum / count;
}

describe('a video that is read and written unchanged', () => {
  it('keeps order, count, time stamps, picture and sound', async () => {
    const input = await makeClip(join(folder, 'plain.mp4'), { seconds: 2, audio: true });
    const output = join(folder, 'plain-out.mp4');
    const read = await copyVideo(input, output);
    expect(read.map((frame) => frame.index)).toEqual([...Array(50).keys()]);
    expect(worstTiming(await packetTimes(input), await packetTimes(output))).toBeLessThan(0.01);
    expect(worstTiming(await packetTimes(input, 'a:0'), await packetTimes(output, 'a:0'))).toBeLessThan(0.01);
    expect(await lumaPsnr(input, output)).toBeGreaterThan(40);
    expect(await streamCodecs(output)).toEqual(['video:h264', 'audio:aac']);
    const tags = await probeEntries(output, 'format_tags=comment');
    expect(tags['TAG:comment']).toBe(AI_COMMENT);
  });

  it('keeps a variable frame rate to less than a millisecond', async () => {
    const input = await makeVariableClip(join(folder, 'variable.mp4'));
    const output = join(folder, 'variable-out.mp4');
    await copyVideo(input, output);
    const times = await packetTimes(input);
    expect(times.length).toBeLessThan(40);
    expect(worstTiming(times, await packetTimes(output))).toBeLessThan(1);
  });

  it('keeps a video that begins later than its sound where it was', async () => {
    const early = await makeClip(join(folder, 'early.mp4'), { audio: true });
    const input = join(folder, 'late.mp4');
    await ffmpeg('-i', early, '-itsoffset', '0.4', '-i', early, '-map', '0:a', '-map', '1:v', '-c', 'copy', input);
    const output = join(folder, 'late-out.mp4');
    await copyVideo(input, output);
    expect(worstTiming(await packetTimes(input), await packetTimes(output))).toBeLessThan(1);
    expect((await packetTimes(output))[0]).toBeCloseTo(0.4, 3);
    expect((await packetTimes(output, 'a:0'))[0]).toBeCloseTo((await packetTimes(input, 'a:0'))[0]!, 3);
  });

  it('keeps sound that is longer than the picture', async () => {
    const input = await makeClip(join(folder, 'long-sound.mp4'), { audio: 3 });
    const output = join(folder, 'long-sound-out.mp4');
    await copyVideo(input, output);
    expect((await packetTimes(output, 'a:0')).at(-1)).toBeCloseTo((await packetTimes(input, 'a:0')).at(-1)!, 2);
  });

  it('turns a rotated video upright', async () => {
    const flat = await makeClip(join(folder, 'flat.mp4'), { size: '320x180' });
    const input = join(folder, 'rotated.mp4');
    await ffmpeg('-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', input);
    const info = await probeVideo(input);
    expect(info).toMatchObject({ width: 180, height: 320, codedWidth: 320, codedHeight: 180 });
    expect([90, 270]).toContain(info.rotationDegrees);
    const output = join(folder, 'rotated-out.mp4');
    await copyVideo(input, output);
    expect(await lumaPsnr(input, output)).toBeGreaterThan(40);
    expect(await probeVideo(output)).toMatchObject({ codedWidth: 180, codedHeight: 320, rotationDegrees: 0 });
  });

  it.each([
    ['bt709', 'tv', 'yuv420p', 'bt709', 'limited'],
    ['smpte170m', 'tv', 'yuv420p', 'bt601', 'limited'],
    ['bt709', 'pc', 'yuvj420p', 'bt709', 'full'],
    ['bt2020nc', 'tv', 'yuv420p', 'bt2020', 'limited'],
  ])('keeps matrix %s in range %s: numbers and tags', async (space, range, format, matrix, ourRange) => {
    const input = join(folder, `colour-${space}-${range}.mp4`);
    const convert = `scale=out_color_matrix=${space.replace('nc', '')}:out_range=${range}`;
    await makeClip(input, {
      filter: `${convert},format=${format}`,
      output: [
        '-pix_fmt',
        format,
        '-colorspace',
        space,
        '-color_range',
        range,
        '-color_primaries',
        'bt709',
        '-color_trc',
        'bt709',
      ],
    });
    const info = await probeVideo(input);
    expect(info.colour).toMatchObject({ matrix, range: ourRange, matrixGuessed: false });
    const output = join(folder, `colour-${space}-${range}-out.mp4`);
    await copyVideo(input, output);
    const entries = 'stream=color_space,color_range,color_primaries,color_transfer';
    expect(await probeEntries(output, entries)).toEqual(await probeEntries(input, entries));
    expect(await lumaPsnr(input, output)).toBeGreaterThan(40);
    expect(Math.abs((await meanLuma(input)) - (await meanLuma(output)))).toBeLessThan(0.1);
  });

  it('guesses an unnamed matrix by height and leaves it unnamed', async () => {
    const small = await makeClip(join(folder, 'small.mp4'), { seconds: 0.2 });
    const large = await makeClip(join(folder, 'large.mp4'), { seconds: 0.2, size: '1280x720' });
    expect((await probeVideo(small)).colour).toMatchObject({ matrix: 'bt601', matrixGuessed: true });
    expect((await probeVideo(large)).colour).toMatchObject({ matrix: 'bt709', matrixGuessed: true });
    const output = join(folder, 'small-out.mp4');
    await copyVideo(small, output);
    expect((await probeVideo(output)).colour.matrixGuessed).toBe(true);
  });

  it('pads an odd size by its edge and says so', async () => {
    const input = join(folder, 'odd.mkv');
    await makeClip(input, { filter: 'scale=321:241', output: ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p'] });
    const info = await probeVideo(input);
    expect(info).toMatchObject({ width: 321, height: 241, frameWidth: 322, frameHeight: 242, padded: true });
    expect(info.notes.join(' ')).toContain('odd');
    for await (const frame of openVideoReader(input, info)) {
      expect(frame.data.length).toBe((322 * 242 * 3) / 2);
      expect(frame.data[321]).toBe(frame.data[320]);
      expect(frame.data.subarray(241 * 322, 241 * 322 + 322)).toEqual(frame.data.subarray(240 * 322, 240 * 322 + 322));
    }
    const output = join(folder, 'odd-out.mp4');
    await copyVideo(input, output);
    expect(await probeVideo(output)).toMatchObject({ width: 322, height: 242, padded: false });
  });

  it('keeps the shape of pixels', async () => {
    const input = await makeClip(join(folder, 'anamorphic.mp4'), { seconds: 0.4, filter: 'setsar=4/3' });
    const output = join(folder, 'anamorphic-out.mp4');
    await copyVideo(input, output);
    expect((await probeVideo(output)).pixelAspect).toBe('4:3');
  });

  it('takes 10 bits and 4:4:4 without a shift of brightness', async () => {
    const input = join(folder, 'deep.mkv');
    const flat =
      'format=gbrp,drawbox=color=0xC02020:t=fill,scale=out_color_matrix=bt709:out_range=tv,format=yuv444p10le';
    await makeClip(input, {
      seconds: 0.2,
      filter: flat,
      output: ['-c:v', 'ffv1', '-pix_fmt', 'yuv444p10le', '-colorspace', 'bt709'],
    });
    const info = await probeVideo(input);
    expect(info).toMatchObject({ bitDepth: 10, colour: { matrix: 'bt709' } });
    for await (const frame of openVideoReader(input, info)) {
      // bt709, limited: 16 + 219 * (0.2126 * 192 + 0.7874 * 32) / 255. As bt601 it would be 84.6.
      expect(Math.abs(frame.data[0]! - 72.7)).toBeLessThan(1);
    }
  });

  it('turns HDR into bt709 where ffmpeg can', async () => {
    const input = join(folder, 'hdr.mkv');
    await makeClip(input, {
      seconds: 0.2,
      filter: 'format=yuv420p10le,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc',
      output: [
        '-c:v',
        'ffv1',
        '-pix_fmt',
        'yuv420p10le',
        '-colorspace',
        'bt2020nc',
        '-color_primaries',
        'bt2020',
        '-color_trc',
        'smpte2084',
      ],
    });
    const info = await probeVideo(input);
    expect(info.isHdr).toBe(true);
    const output = join(folder, 'hdr-out.mp4');
    await copyVideo(input, output);
    const written = await probeVideo(output);
    if (info.toneMapped) {
      expect(written.colour.tags).toMatchObject({ matrix: 'bt709', transfer: 'bt709', primaries: 'bt709' });
      expect(info.notes.join(' ')).toContain('tone-mapped');
    } else {
      expect(written.colour.tags).toMatchObject({ matrix: 'bt2020nc', transfer: 'smpte2084' });
    }
  });

  it.each([
    ['mov', 'libx264', ['video:h264', 'audio:aac']],
    ['m4v', 'libx265', ['video:h264', 'audio:aac']],
    ['mkv', 'libx264', ['video:h264', 'audio:aac']],
    ['mp4', 'libx265', ['video:hevc', 'audio:aac']],
    ['webm', 'libx264', ['video:vp9', 'audio:opus']],
    ['avi', 'libx264', ['video:h264', 'audio:mp3']],
  ] as const)('writes %s (%s asked for)', async (ending, encoder, codecs) => {
    const input = join(folder, 'containers.mp4');
    if (!(await stat(input).catch(() => undefined)))
      await makeClip(input, { seconds: 0.8, audio: true, size: '160x120' });
    const output = join(folder, `container-${encoder}.${ending}`);
    await copyVideo(input, output, { encoder });
    expect(await streamCodecs(output)).toEqual(codecs);
    const info = await probeVideo(output);
    expect(info.container).toBe(ending);
    expect(worstTiming(await packetTimes(input), shiftToZero(await packetTimes(output)))).toBeLessThanOrEqual(1);
  });

  it('drops, copies or scales the sound', async () => {
    const input = await makeClip(join(folder, 'volume.mp4'), { audio: true, seconds: 0.8 });
    const silent = join(folder, 'volume-0.mp4');
    await copyVideo(input, silent, { audioVolume: 0 });
    expect(await streamCodecs(silent)).toEqual(['video:h264']);
    const half = join(folder, 'volume-50.mp4');
    await copyVideo(input, half, { audioVolume: 50 });
    expect(await streamCodecs(half)).toEqual(['video:h264', 'audio:aac']);
  });

  it('cuts the sound to a trimmed range', async () => {
    const input = await makeClip(join(folder, 'trim.mp4'), { seconds: 4, audio: true });
    const output = join(folder, 'trim-out.mp4');
    const read = await copyVideo(input, output, { startFrame: 25, endFrame: 50 });
    expect(read.map((frame) => frame.index)).toEqual(Array.from({ length: 25 }, (_, index) => 25 + index));
    expect(read[0]!.pts).toBeCloseTo(1, 3);
    const sound = await packetTimes(output, 'a:0');
    expect(sound.at(-1)! - sound[0]!).toBeGreaterThan(0.9);
    expect(sound.at(-1)!).toBeLessThan(1.05);
    expect((await packetTimes(output))[0]).toBeCloseTo(0, 2);
  });

  it('keeps chapters, subtitles and the target’s own comment', async () => {
    const plain = await makeClip(join(folder, 'bare.mp4'), { seconds: 1, audio: true });
    await writeFile(join(folder, 'text.srt'), '1\n00:00:00,100 --> 00:00:00,700\nhello\n');
    await writeFile(
      join(folder, 'chapters.txt'),
      ';FFMETADATA1\ntitle=Film\ncomment=mine\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=One\n',
    );
    const input = join(folder, 'rich.mkv');
    const inputs = ['-i', plain, '-i', join(folder, 'text.srt'), '-i', join(folder, 'chapters.txt')];
    await ffmpeg(...inputs, '-map', '0', '-map', '1', '-map_metadata', '2', '-map_chapters', '2', '-c', 'copy', input);
    const output = join(folder, 'rich-out.mp4');
    await copyVideo(input, output);
    expect(await streamCodecs(output)).toEqual(
      expect.arrayContaining(['video:h264', 'audio:aac', 'subtitle:mov_text']),
    );
    const format = await probeEntries(output, 'format_tags=title,comment:chapter_tags=title');
    expect(format['TAG:comment']).toContain('mine');
    expect(Object.values(format).join(' ')).toMatch(/One|Film/);
  });

  it.each(['-dash and space ünï 人 [1],b;.mp4', 'quo"te\'s colon:a percent%03d.mp4'])(
    'works with the name %s',
    async (name) => {
      const here = join(folder, 'names');
      await mkdir(here, { recursive: true });
      const source = join(folder, 'names.mp4');
      if (!(await stat(source).catch(() => undefined)))
        await makeClip(source, { seconds: 0.2, audio: true, size: '64x64' });
      const input = join(here, name);
      await ffmpeg('-i', source, '-c', 'copy', `file:${input}`);
      const output = join(here, `out ${name}`);
      const read = await copyVideo(input, output);
      expect(read).toHaveLength(5);
      expect((await stat(output)).size).toBeGreaterThan(0);
    },
  );
});

const shiftToZero = (times: readonly number[]): number[] => times.map((time) => time - times[0]!);
