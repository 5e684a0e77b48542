import { z } from 'zod';

/** Headers of a POST that creates something. Others pass. */
export const idempotencyHeader = z.looseObject({
  'idempotency-key': z
    .string()
    .optional()
    .meta({
      description:
        'A text of your own, up to 255 letters. The same key with the same request gets the first answer again; with another request it is IDEMPOTENCY_CONFLICT.',
      examples: ['order-4711'],
    }),
});
