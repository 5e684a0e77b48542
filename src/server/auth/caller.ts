/** Who makes a request. */
import { z } from 'zod';
import type { Scope } from './scopes.ts';

/** What somebody may use; what is left out has the limit of the service, or none. */
export const limitsSchema = z
  .object({
    /** 0: no limit. */
    requestsPerMinute: z.number().int().min(0).optional(),
    jobsPerDay: z.number().int().min(0).optional(),
    /** Minutes of video. */
    minutesPerDay: z.number().min(0).optional(),
    /** Bytes uploaded. */
    bytesPerDay: z.number().int().min(0).optional(),
  })
  .strict();
export type Limits = Readonly<z.infer<typeof limitsSchema>>;

export interface Caller {
  readonly tenant: string;
  /** Id of the API key or subject of the token; `local` for this machine's user. */
  readonly owner: string;
  readonly scopes: readonly Scope[];
  readonly limits: Limits;
  readonly kind: 'key' | 'token' | 'local';
}

/** Names of tenants are parts of storage keys and counters. */
export const TENANT_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
