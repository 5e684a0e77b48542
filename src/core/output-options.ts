/** Options about what is written: encoders, size, range of frames, chunks, and what becomes of a target without a face. */
import { z } from 'zod';
import { describe } from './option-meta.ts';

/** FaceFusion's list. The hardware ones are tried with one frame before a run. */
export const VIDEO_ENCODERS = [
  'libx264',
  'libx264rgb',
  'libx265',
  'libvpx-vp9',
  'h264_nvenc',
  'hevc_nvenc',
  'h264_amf',
  'hevc_amf',
  'h264_qsv',
  'hevc_qsv',
  'h264_videotoolbox',
  'hevc_videotoolbox',
  'rawvideo',
] as const;
export const AUDIO_ENCODERS = ['flac', 'aac', 'libmp3lame', 'libopus', 'libvorbis', 'pcm_s16le', 'pcm_s32le'] as const;
export const VIDEO_PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
  'slower',
  'veryslow',
] as const;

export const outputOptions = {
  outputImageScale: describe(
    z.number().min(0.25).max(8).multipleOf(0.25).default(1),
    'Size of the output photo relative to the target.',
    { group: 'output' },
  ),
  outputImageQuality: describe(z.number().int().min(0).max(100).default(80), 'Quality of a lossy output photo.', {
    group: 'output',
  }),
  outputVideoEncoder: describe(z.enum(VIDEO_ENCODERS).default('libx264'), 'Video encoder.', { group: 'output' }),
  outputVideoPreset: describe(z.enum(VIDEO_PRESETS).default('veryfast'), 'Encoder preset: faster or smaller.', {
    group: 'output',
  }),
  outputVideoQuality: describe(z.number().int().min(0).max(100).default(80), 'Quality of the output video.', {
    group: 'output',
  }),
  outputVideoScale: describe(
    z.number().min(0.25).max(8).multipleOf(0.25).default(1),
    'Size of the output video relative to the target.',
    { group: 'output' },
  ),
  outputVideoFps: describe(
    z.number().min(1).max(240).optional(),
    "Frames a second of the output; frames are dropped or repeated in time, the sound stays. Default: the target's.",
    { group: 'output' },
  ),
  hdr: describe(
    z.enum(['tonemap', 'keep']).default('tonemap'),
    'HDR targets: `tonemap` gives standard range that looks right everywhere, `keep` stays HDR with 10 bits.',
    { group: 'output' },
  ),
  outputAudioEncoder: describe(
    z.enum(AUDIO_ENCODERS).optional(),
    'Audio encoder. Default: the sound is copied where the container takes it.',
    { group: 'output' },
  ),
  outputAudioQuality: describe(z.number().int().min(0).max(100).default(80), 'Quality of sound that is encoded anew.', {
    group: 'output',
  }),
  outputAudioVolume: describe(
    z.number().int().min(0).max(100).default(100),
    'Loudness of the audio; 0 drops it, 100 copies it unchanged.',
    {
      group: 'output',
      unit: 'percent',
    },
  ),
  trimFrameStart: describe(z.number().int().min(0).optional(), 'First frame to process.', { group: 'output' }),
  trimFrameEnd: describe(z.number().int().min(1).optional(), 'Frame before which to stop.', { group: 'output' }),
  targetSequenceFps: describe(
    z.number().min(1).max(240).default(25),
    'Frames a second of a target that is an image sequence.',
    { group: 'output' },
  ),
  videoChunkSize: describe(
    z.number().int().min(10).max(10_000).default(100),
    'A video is made in chunks of about so many frames, each kept when it is done; a crash costs at most one.',
    { group: 'output', unit: 'frames' },
  ),
  chunk: describe(
    z.number().int().min(0).optional(),
    'Make only this chunk of the video, counted from 0, and keep it for a later run that joins all.',
    { group: 'output' },
  ),
  resume: describe(
    z.boolean().default(false),
    'Go on with an interrupted run, or fail if there is none. Without it the same command goes on by itself.',
    { group: 'output' },
  ),
  publishPartial: describe(
    z.boolean().default(false),
    'Make a video of the whole chunks that an interrupted run has left, up to the first that is missing, and make no more.',
    { group: 'output' },
  ),
  onNoFace: describe(
    z.enum(['fail', 'copy']).default('fail'),
    'When no face of the target qualifies: end with TARGET_NO_FACE, or copy the target to the output.',
    { group: 'output' },
  ),
  force: describe(z.boolean().default(false), 'Overwrite the output if it exists.', { group: 'output' }),
} as const;
