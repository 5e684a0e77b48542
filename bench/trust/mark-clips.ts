/** The invisible mark in videos: read from key frames after they were encoded again. */

import { readFile, writeFile } from 'node:fs/promises';
import { createWatermarkDetector } from '../../src/engine/watermark/detect-watermark.ts';
import { createWatermarkEmbedder } from '../../src/engine/watermark/embed-watermark.ts';
import { runFfmpeg } from '../../src/media/ffmpeg-process.ts';
import { findFfmpeg } from '../../src/media/find-ffmpeg.ts';
import { AS_720P, type ClipFolder } from '../clips.ts';

const SECONDS = 10;
const RATE = 25;
/** Two of a talking man, one of them mirrored and closer; the last is harder than what is wanted, and only reported. */
const CLIPS = [
  { name: 'cap12', media: 0, filters: AS_720P, isWanted: true },
  { name: 'cap13', media: 1, filters: AS_720P, isWanted: true },
  {
    name: 'cap12 mirrored, closer',
    media: 0,
    filters: 'hflip,crop=320:180:40:60,scale=1280:720:flags=bicubic',
    isWanted: true,
  },
  {
    name: 'cap12, 480p, noise',
    media: 0,
    filters: 'scale=640:480:flags=bicubic,noise=alls=6:allf=t',
    isWanted: false,
  },
] as const;
const CODE = ['-c:v', 'libx264', '-preset', 'medium', '-pix_fmt', 'yuv420p'] as const;
const HALF = ['-vf', 'scale=iw/2:ih/2:flags=bicubic'] as const;

export interface ClipReport {
  /** Key frames that were read exactly, and how many there are, by what was done to the clip. */
  readonly keyFrames: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether each clip has at least one in every case, and none was read wrongly. */
  readonly ok: boolean;
}

/** @param media paths of the two originals */
export async function measureClips(
  secret: Buffer,
  strength: number,
  media: readonly [string, string],
  folder: ClipFolder,
  say: (text: string) => void,
): Promise<ClipReport> {
  const { ffmpegPath } = await findFfmpeg();
  const ffmpeg = async (...words: string[]): Promise<void> => {
    const { exit, stderr } = await runFfmpeg(ffmpegPath, ['-v', 'error', '-y', ...words], { timeoutSeconds: 600 });
    if (exit.code !== 0) throw new Error(`ffmpeg: ${stderr}`);
  };
  const detector = createWatermarkDetector(secret);
  const payload = { installation: '5eed0001', job: 'c11b0001' };
  const keyFrames: Record<string, Record<string, string>> = {};
  let ok = true;
  for (const { name, media: which, filters, isWanted } of CLIPS) {
    const clip = await folder.make(`original-${which}-${filters.length}.mp4`, media[which], {
      frames: SECONDS * RATE,
      filters,
    });
    const [width, height] = filters.includes('640') ? [640, 480] : [1280, 720];
    const raw = folder.path('clip.yuv');
    await ffmpeg('-i', clip, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', raw);
    const bytes = await readFile(raw);
    const embedder = createWatermarkEmbedder({ secret, payload, strength });
    const size = { width, height };
    const frameBytes = (width * height * 3) / 2;
    for (let at = 0; at < bytes.length; at += frameBytes) embedder.embed(bytes.subarray(at, at + width * height), size);
    await writeFile(raw, bytes);
    const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', String(RATE), '-i', raw];
    const full = folder.path('full.mp4');
    const halved = folder.path('half.mp4');
    const [twice, halvedTwice] = [folder.path('twice.mp4'), folder.path('half-twice.mp4')];
    await ffmpeg(...input, ...CODE, '-crf', '28', full);
    await ffmpeg(...input, ...HALF, ...CODE, '-crf', '28', halved);
    await ffmpeg('-i', full, ...CODE, '-crf', '28', twice);
    await ffmpeg('-i', full, ...HALF, ...CODE, '-crf', '28', halvedTwice);
    const cases = {
      'crf 28': full,
      'half size, crf 28': halved,
      'crf 28 twice': twice,
      'crf 28, then half, crf 28': halvedTwice,
    };
    keyFrames[name] = {};
    for (const [label, path] of Object.entries(cases)) {
      const keys = folder.path('keys.yuv');
      await ffmpeg(
        '-skip_frame',
        'nokey',
        '-i',
        path,
        '-fps_mode',
        'passthrough',
        '-pix_fmt',
        'gray',
        '-f',
        'rawvideo',
        keys,
      );
      const seen = label.includes('half') ? { width: width / 2, height: height / 2 } : size;
      const luma = await readFile(keys);
      const count = luma.length / (seen.width * seen.height);
      let right = 0;
      for (let at = 0; at < count; at++) {
        const start = at * seen.width * seen.height;
        const found = detector.detect(luma.subarray(start, start + seen.width * seen.height), seen)?.payload;
        if (found && found.job !== payload.job) ok = false;
        if (found?.job === payload.job) right++;
      }
      if (right === 0 && isWanted) ok = false;
      keyFrames[name][label] = `${right} of ${count}`;
      say(`${name}, ${label}: ${right} of ${count}`);
    }
  }
  return { keyFrames, ok };
}
