import { z } from 'zod';

/** What phones and the web expect; television has -23. @see EBU R 128, AES TD1008 */
const ONLINE_LUFS = -16;

export const loudnessStep = z
  .object({
    type: z.literal('loudness'),
    integratedLufs: z
      .number()
      .min(-40)
      .max(-5)
      .default(ONLINE_LUFS)
      .describe('Loudness of the whole, in LUFS: -16 for the web, -23 for EBU R 128.'),
    truePeakDb: z.number().min(-9).max(0).default(-1.5).describe('Highest peak between samples, in dBTP.'),
  })
  .strict();
