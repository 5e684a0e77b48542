import { z } from 'zod';
import { AUDIO_ENCODERS, VIDEO_ENCODERS } from '../output-options.ts';
import { besideSchema, heightSchema } from './step-parts.ts';

export const CONVERT_VIDEO_FORMATS = ['mp4', 'mov', 'webm', 'mkv', 'gif', 'webp'] as const;
export const CONVERT_PHOTO_FORMATS = ['jpg', 'png', 'webp', 'avif', 'tiff'] as const;
/** `webp` is both: animated for a video, a photo for a photo. */
const FORMATS = [...new Set([...CONVERT_VIDEO_FORMATS, ...CONVERT_PHOTO_FORMATS])] as const;

export const convertStep = z
  .object({
    type: z.literal('convert'),
    format: z.enum(FORMATS).describe('Format of the result; `webp` of a video is animated.'),
    videoEncoder: z.enum(VIDEO_ENCODERS).optional().describe("Default: that of the output's own codec."),
    audioEncoder: z
      .enum(AUDIO_ENCODERS)
      .optional()
      .describe('Default: the sound is copied where the container takes it.'),
    scale: z.number().min(0.05).max(4).optional().describe('Size relative to the output.'),
    height: heightSchema.optional().describe('Height in pixels; the width follows.'),
    fps: z.number().min(1).max(240).optional().describe('Frames a second of a video.'),
    quality: z.number().int().min(0).max(100).default(80).describe('Quality of a lossy format.'),
    beside: besideSchema,
  })
  .strict()
  .refine(({ scale, height }) => scale === undefined || height === undefined, {
    path: ['scale'],
    message: 'Expected scale or height, received both.',
  });
