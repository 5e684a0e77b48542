import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, makeClip, makeFolder, refusal, removeFolder } from '../../test/helpers/make-media.ts';
import { sniffMedia } from './sniff.ts';
import { probeSound, readSound, SOUND_RATE } from './sound-source.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
/** Left 500 Hz, right 1000 Hz, at 44.1 kHz, a quarter of full scale. */
const TONES = ['-f', 'lavfi', '-i', 'aevalsrc=0.25*sin(2*PI*500*t)|0.25*sin(2*PI*1000*t):s=44100:d=1.5'];

beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** How much of a frequency is in one channel, as an amplitude. */
function amplitude(samples: Int16Array, channel: number, hertz: number): number {
  let [real, imaginary] = [0, 0];
  const count = samples.length / 2;
  for (let n = 0; n < count; n++) {
    const value = samples[2 * n + channel]! / 32_768;
    real += value * Math.cos((2 * Math.PI * hertz * n) / SOUND_RATE);
    imaginary += value * Math.sin((2 * Math.PI * hertz * n) / SOUND_RATE);
  }
  return (2 * Math.hypot(real, imaginary)) / count;
}

describe('sound', () => {
  it.each([
    ['flac', ['-c:a', 'flac'], 'flac'],
    ['m4a', ['-c:a', 'aac', '-b:a', '192k'], 'aac'],
    ['mp3', ['-c:a', 'libmp3lame', '-b:a', '192k'], 'mp3'],
    ['ogg', ['-c:a', 'libvorbis', '-q:a', '6'], 'vorbis'],
    ['opus', ['-c:a', 'libopus', '-b:a', '192k'], 'opus'],
    ['wav', ['-c:a', 'pcm_s24le'], 'pcm_s24le'],
  ])('of a %s file comes as stereo at 48 kHz, told by content', async (ending, encoder, codec) => {
    // The name lies.
    await ffmpeg(...TONES, ...encoder, at(`tones.${ending}`));
    await ffmpeg(
      '-i',
      at(`tones.${ending}`),
      '-c',
      'copy',
      '-f',
      ending === 'm4a' ? 'ipod' : ending,
      at(`${ending}.bin`),
    );
    expect((await sniffMedia(at(`${ending}.bin`))).kind).toBe('audio');
    expect((await probeSound(at(`${ending}.bin`))).stream).toMatchObject({ codec, channels: 2 });
    const samples = await readSound(at(`${ending}.bin`));
    expect(Math.abs(samples.length / 2 / SOUND_RATE - 1.5)).toBeLessThan(0.06);
    expect(amplitude(samples, 0, 500)).toBeCloseTo(0.25, 1);
    expect(amplitude(samples, 1, 1000)).toBeCloseTo(0.25, 1);
    expect(amplitude(samples, 0, 1000)).toBeLessThan(0.02);
  });

  it('of a video is read too, and to a time where one is given', async () => {
    await makeClip(at('clip.mp4'), { audio: true, seconds: 1 });
    expect((await probeSound(at('clip.mp4'))).stream).toMatchObject({ codec: 'aac' });
    expect(Math.abs((await readSound(at('clip.mp4'))).length / 2 - SOUND_RATE)).toBeLessThan(2500);
    expect((await readSound(at('clip.mp4'), { seconds: 0.25 })).length).toBe(SOUND_RATE / 2);
  });

  it('is missed where a file has none', async () => {
    await makeClip(at('mute.mp4'));
    const error = await refusal(probeSound(at('mute.mp4')));
    expect(error).toMatchObject({ code: 'INPUT_UNSUPPORTED', details: { path: at('mute.mp4') } });
    expect(error.message).toContain('mute.mp4');
  });

  it('of a damaged file is refused, and of one that is cut off gives what is there', async () => {
    await writeFile(at('noise.wav'), Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), Buffer.alloc(400, 7)]));
    expect(await refusal(probeSound(at('noise.wav')))).toMatchObject({ code: 'INPUT_UNREADABLE' });
    await ffmpeg(...TONES, at('cut.wav'));
    await truncate(at('cut.wav'), 44_100);
    expect((await readSound(at('cut.wav'))).length).toBeGreaterThan(SOUND_RATE / 4);
  });

  it('is no longer read when the run is cancelled', async () => {
    await ffmpeg(...TONES, at('long.flac'));
    const error = await refusal(readSound(at('long.flac'), { signal: AbortSignal.abort() }));
    expect(error.code).toBe('CANCELLED');
  });
});
