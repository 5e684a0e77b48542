import { z } from 'zod';
import { besideSchema } from './step-parts.ts';

export const bitrateStep = z
  .object({
    type: z.literal('bitrate'),
    videoKbps: z.number().int().min(50).max(200_000).optional().describe('Thousands of bits a second of the picture.'),
    targetBytes: z
      .number()
      .int()
      .min(10_000)
      .max(1e12)
      .optional()
      .describe('Bytes of the whole file, with sound, metadata and credentials.'),
    audioKbps: z.number().int().min(16).max(512).optional().describe('Default: the sound is copied.'),
    twoPass: z.boolean().default(true).describe('Look at the whole video before it is encoded: nearer, and slower.'),
    beside: besideSchema,
  })
  .strict()
  .refine(({ videoKbps, targetBytes }) => (videoKbps === undefined) !== (targetBytes === undefined), {
    path: ['videoKbps'],
    message: 'Expected either videoKbps or targetBytes.',
  });
