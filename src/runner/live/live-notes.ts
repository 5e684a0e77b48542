/** What a live session and its runner say to each other beside frames: packets of JSON. */
import { z } from 'zod';
import { LIVE_KIND } from '../../core/live-frame.ts';
import { errorSchema } from '../error-schema.ts';

/** What can be kept of a session. */
export const KEPT_KINDS = ['snapshot', 'recording'] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];

const what = z.enum(KEPT_KINDS);

/** To the runner. */
export const toLiveSchema = z.strictObject({ type: z.enum(['snapshot', 'record', 'stop-recording']) });
export type ToLive = z.output<typeof toLiveSchema>;

/** From the runner. */
export const fromLiveSchema = z.discriminatedUnion('type', [
  /** Frames may come; all are marked with this job. */
  z.object({ type: z.literal('ready'), job: z.string() }),
  /** From now on, and for so long at most. */
  z.object({ type: z.literal('recording'), mostSeconds: z.number() }),
  z.object({
    type: z.literal('kept'),
    what,
    /** In the folder of the session. */
    path: z.string(),
    auditEntry: z.number().exactOptional(),
    credentials: z.enum(['embedded', 'sidecar', 'absent']),
  }),
  z.object({ type: z.literal('not-kept'), what, error: errorSchema }),
]);
export type FromLive = z.output<typeof fromLiveSchema>;

export function packNote(note: ToLive | FromLive): Uint8Array {
  return Buffer.concat([Uint8Array.of(LIVE_KIND.note), Buffer.from(JSON.stringify(note))]);
}

/** @throws ZodError, SyntaxError for what the other side would never say */
export function readNote<T>(packet: Uint8Array, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(Buffer.from(packet.subarray(1)).toString()));
}
