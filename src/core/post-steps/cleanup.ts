import { z } from 'zod';

const side = z.number().min(0).max(100_000);

export const cleanupStep = z
  .object({
    type: z.literal('cleanup'),
    x: side.describe('Left edge of the region.'),
    y: side.describe('Top edge.'),
    width: side.gt(0),
    height: side.gt(0),
    unit: z
      .enum(['pixels', 'ratio'])
      .default('pixels')
      .describe('`pixels` of the upright output, or `ratio`: parts of its width and height, 0..1.'),
    rights: z
      .enum(['own', 'licensed'])
      .describe('Why the region may be changed: the material is your own, or you have a licence that allows it.'),
    mode: z.enum(['delogo', 'blur']).default('delogo').describe('Fill from the edges, or blur.'),
  })
  .strict()
  .refine(({ unit, x, y, width, height }) => unit === 'pixels' || (x + width <= 1 && y + height <= 1), {
    path: ['width'],
    message: 'Expected a region inside 0..1.',
  });
