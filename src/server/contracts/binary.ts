import { z } from 'zod';

/** An answer that is no JSON, for `schema.response`. */
export const binary = (description: string, contentType = 'application/octet-stream') =>
  ({ description, content: { [contentType]: { schema: z.string().meta({ format: 'binary' }) } } }) as const;
