/** An uploaded or imported file. Kept in the store as documents of kind `asset`, whose state is `uploading` or `ready`. */
import { z } from 'zod';

export const assetSchema = z
  .object({
    id: z.string(),
    tenant: z.string(),
    owner: z.string(),
    state: z.enum(['uploading', 'ready']),
    /** What the caller calls it; cleaned: no path, no control characters. */
    fileName: z.string(),
    /** In the storage: by content, so that the same file of a tenant lies there once. Set when it is ready. */
    key: z.string().optional(),
    bytes: z.number().int(),
    sha256: z.string().optional(),
    contentType: z.string().optional(),
    /** What it is by its content. */
    media: z
      .object({
        kind: z.enum(['image', 'video', 'audio']),
        format: z.string(),
        width: z.number().optional(),
        height: z.number().optional(),
        durationSeconds: z.number().optional(),
        frames: z.number().optional(),
        fps: z.number().optional(),
      })
      .strict()
      .optional(),
    createdAt: z.iso.datetime(),
    /** Moved on whenever a job takes it. */
    expiresAt: z.iso.datetime().optional(),
  })
  .strict();
export type Asset = Readonly<z.infer<typeof assetSchema>>;
