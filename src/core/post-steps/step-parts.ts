/** What several steps have. */
import { z } from 'zod';

/** H.264 and its players have no more. */
const TALLEST = 8192;

export const heightSchema = z.number().int().min(16).max(TALLEST);

export const besideSchema = z
  .boolean()
  .default(false)
  .describe('Keep the output as it is and make the result beside it, as a rendition; otherwise it takes its place.');
