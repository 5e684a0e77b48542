import { z } from 'zod';

export const thumbnailStep = z
  .object({
    type: z.literal('thumbnail'),
    at: z
      .union([z.enum(['first', 'middle']), z.number().min(0)])
      .default('middle')
      .describe('Which frame of a video: by name, or seconds from its beginning.'),
    width: z.number().int().min(16).max(8192).default(320).describe('Width in pixels; the height follows.'),
    format: z.enum(['jpg', 'png', 'webp']).default('jpg'),
  })
  .strict();
