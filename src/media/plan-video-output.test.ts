import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeClip, makeFolder, removeFolder } from '../../test/helpers/make-media.ts';
import { type AppError, isAppError } from '../core/errors.ts';
import { VIDEO_ENCODERS } from '../core/output-options.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { matchesSequence, sequencePath } from './image-sequence.ts';
import { planVideoOutput, type VideoOutputRequest } from './plan-video-output.ts';
import { probeVideo, type VideoInfo } from './probe.ts';
import { tryEncoder, workingEncoders } from './try-encoder.ts';
import { codecOptions, qualityToCrf, qualityToScale, type VideoPreset } from './video-encoders.ts';

let folder: string;
let info: VideoInfo;
beforeAll(async () => {
  folder = await makeFolder();
  info = await probeVideo(await makeClip(join(folder, 'clip.mp4'), { size: '64x48', seconds: 0.2, audio: true }));
});
afterAll(() => removeFolder(folder));

const plan = (path: string, request: Partial<VideoOutputRequest> = {}) =>
  planVideoOutput(path, { encoder: 'libx264', info, ...request });

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isAppError(error)) return error;
  throw new Error(`expected an AppError, got ${String(error)}`);
}

describe('planVideoOutput', () => {
  it('refuses endings it cannot write, and names those it can', async () => {
    const error = await refusal(plan('out.flv'));
    expect(error.code).toBe('OUTPUT_UNSUPPORTED');
    for (const known of ['.mp4', '.mpg', '.gif', 'frames/%05d.png']) expect(error.hint).toContain(known);
    for (const path of ['out', 'out.png', '%05d', 'a%d.mkx']) {
      expect((await refusal(plan(path))).code).toBe('OUTPUT_UNSUPPORTED');
    }
  });

  it('replaces an encoder that a container does not take, and says so', async () => {
    expect(await plan('A.WEBM')).toMatchObject({ encoder: 'libvpx-vp9', container: 'webm', finish: 'copy' });
    expect((await plan('a.mov', { encoder: 'libvpx-vp9' })).notes.join()).toContain('libx264');
    expect((await plan('a.mp4', { encoder: 'rawvideo' })).encoder).toBe('libx264');
    expect((await plan('a.mp4', { encoder: 'libx265' })).notes).toEqual([]);
    expect(await plan('a.wmv')).toMatchObject({ encoder: 'wmv2', chunkEncoder: 'lossless', finish: 'convert' });
    expect((await plan('a.wmv')).notes.join()).toContain('wmv2');
    expect(await plan('a.mpg')).toMatchObject({ encoder: 'mpeg2video', chunkEncoder: 'mpeg2video', finish: 'copy' });
    expect(await plan('a.avi', { encoder: 'rawvideo' })).toMatchObject({ encoder: 'rawvideo', finish: 'convert' });
  });

  it('tells sound that a container does not take, and silence', async () => {
    const mov = await plan('a.mov', { audioEncoder: 'libopus' });
    expect(mov.audio).toMatchObject({ encoder: 'aac', named: true });
    expect(mov.notes.join()).toContain('libopus');
    expect((await plan('a.gif')).notes).toEqual(['.gif has no sound.']);
    expect((await plan('a.mkv')).audio).toEqual({ encoder: 'aac', named: false, notes: [] });
  });

  it.each([
    ['mpg', 25, undefined, undefined],
    ['mpg', 15, undefined, 30],
    ['mxf', 23.976, 24_000 / 1001, undefined],
    ['mpg', 29.97, 30_000 / 1001, 30_000 / 1001],
    ['mpg', 27, undefined, 30_000 / 1001],
    ['mxf', 240, undefined, 60],
    ['gif', 60, undefined, 50],
    ['gif', 25, undefined, undefined],
    ['avi', 15, undefined, undefined],
    ['mp4', 240, undefined, undefined],
  ] as const)('.%s at %f frames a second (asked for: %s) gets %s', async (ending, fps, asked, expected) => {
    const { constantFps } = await plan(`a.${ending}`, {
      info: { ...info, fps, baseFps: fps, variableFrameRate: false },
      ...(asked === undefined ? {} : { fps: asked }),
    });
    // A rate that was asked for is always a rate to bring frames to.
    const wanted = expected ?? (asked === undefined || ending !== 'mxf' ? undefined : asked);
    if (wanted === undefined) expect(constantFps).toBeUndefined();
    else expect(constantFps!.numerator / constantFps!.denominator).toBeCloseTo(wanted, 6);
  });

  it('brings frames at irregular times to a rate where they must have one', async () => {
    const variable = { ...info, fps: 17.3, baseFps: 25, variableFrameRate: true };
    expect((await plan('a.avi', { info: variable })).constantFps).toEqual({ numerator: 25_000, denominator: 1000 });
    expect((await plan('a.avi', { info: { ...variable, baseFps: 90_000 } })).constantFps?.numerator).toBe(17);
    expect((await plan('a.mxf', { info: variable })).notes.join()).toContain('25 frames a second');
    expect((await plan('a.mkv', { info: variable })).constantFps).toBeUndefined();
  });

  it('keeps 10 bits where the encoder has them', async () => {
    expect(await plan('a.mp4', { bitDepth: 10 })).toMatchObject({ bitDepth: 10, notes: [] });
    const shallow = await plan('a.mpg', { bitDepth: 10 });
    expect(shallow.bitDepth).toBe(8);
    expect(shallow.notes.join()).toContain('8 bits');
  });
});

describe('encoders that are not there', () => {
  it('are refused with those that are', async () => {
    const existing = await (await findFfmpeg()).encoders();
    const working = await workingEncoders();
    const absent = VIDEO_ENCODERS.filter((name) => !working.includes(name) && /^h264|^hevc/.test(name));
    expect(absent.length).toBeGreaterThan(0);
    for (const encoder of absent) {
      const error = await refusal(plan('a.mp4', { encoder }));
      expect(error).toMatchObject({ code: 'ENCODER_UNAVAILABLE', details: { encoder, working } });
      expect(error.message).toContain(encoder);
      expect(error.hint).toContain('libx264');
      // Those that the build has, but no device for, come with what ffmpeg said.
      if (existing.has(encoder)) expect(error.message.length).toBeGreaterThan(60);
    }
  });

  it('are told from those that work by one frame', async () => {
    expect(await tryEncoder('libx264')).toBeUndefined();
    expect(await tryEncoder('libx264', { width: 64, height: 64, bitDepth: 10 })).toBeUndefined();
    // No device encodes a picture of this size.
    expect(await tryEncoder('libx264', { width: 20_000, height: 16, bitDepth: 8 })).toMatch(/\w+/);
  });
});

describe("FaceFusion's scales", () => {
  const options = (encoder: Parameters<typeof codecOptions>[0]['encoder'], preset: VideoPreset, quality: number) =>
    codecOptions({ encoder, preset, quality, bitDepth: 8, bFrames: true }).join(' ');

  it('map quality and preset to what each encoder knows', () => {
    expect([0, 80, 100].map((quality) => qualityToCrf('libx264', quality))).toEqual([51, 10, 0]);
    expect([0, 80, 100].map((quality) => qualityToCrf('libvpx-vp9', quality))).toEqual([63, 13, 0]);
    expect([0, 50, 80, 100].map(qualityToScale)).toEqual([31, 8, 3, 2]);
    expect(options('h264_nvenc', 'veryfast', 80)).toContain('-cq 10 -b:v 0 -preset fast');
    expect(options('hevc_nvenc', 'slower', 100)).toContain('-cq 1 -b:v 0 -preset slow -tag:v hvc1');
    expect(options('h264_amf', 'superfast', 50)).toContain('-qp_i 26 -qp_p 26 -qp_b 26 -quality speed');
    expect(options('hevc_amf', 'fast', 50)).toContain('-qp_i 26 -qp_p 26 -quality balanced');
    expect(options('h264_amf', 'veryslow', 50)).toContain('-quality quality');
    expect(options('h264_qsv', 'ultrafast', 80)).toContain('-global_quality 10 -preset veryfast');
    expect(options('hevc_qsv', 'medium', 0)).toContain('-global_quality 51 -preset medium');
    expect(options('h264_videotoolbox', 'medium', 0)).toContain('-b:v 1024k');
    expect(options('hevc_videotoolbox', 'medium', 100)).toContain('-b:v 50512k');
  });
});

describe('names of a sequence', () => {
  it('are made from the pattern and told from others', () => {
    expect(sequencePath('/a/b%03dc.png', 7)).toBe('/a/b007c.png');
    expect(sequencePath('/a%d/%d.jpg', 1234)).toBe('/a%d/1234.jpg');
    expect(matchesSequence('/a/b%03dc.png', 'b007c.png')).toBe(true);
    expect(matchesSequence('/a/b%03dc.png', 'b00x7c.png')).toBe(false);
    expect(matchesSequence('/a/b%03dc.png', 'b.png')).toBe(false);
  });
});
