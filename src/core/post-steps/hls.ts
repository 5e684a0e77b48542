import { z } from 'zod';
import { heightSchema } from './step-parts.ts';

/** The usual ladder of services that play on phones and screens. */
const LADDER = [1080, 720, 480, 360];

export const hlsStep = z
  .object({
    type: z.literal('hls'),
    heights: z
      .array(heightSchema)
      .min(1)
      .max(8)
      .default(LADDER)
      .describe('Heights of the renditions in pixels; those above the output are left out.'),
    segmentSeconds: z
      .number()
      .min(1)
      .max(30)
      .default(6)
      .describe('Length of a segment, which begins with a key frame.'),
    poster: z.boolean().default(true).describe('A picture to show before the video plays.'),
    sprites: z.boolean().default(true).describe('Thumbnails in one picture, with a WebVTT file that says when.'),
  })
  .strict();
