/** What somebody has agreed to. */
import { z } from 'zod';

/** Use that stands for every processor. */
export const ANY_USE = 'any';

export const consentSchema = z.object({
  /** `c-` and 12 hexadecimal digits. Never given twice. */
  id: z.string().regex(/^c-[0-9a-f]{12}$/),
  /** Pseudonym of the person. */
  subject: z.string().min(1),
  /** Of the person's face, unit length. */
  embeddings: z.array(z.custom<Float32Array>((value) => value instanceof Float32Array)).min(1),
  /** Processors, purposes of the operator's own, or `any`. */
  uses: z.array(z.string()).min(1),
  /** ISO 8601. Valid before this moment. */
  until: z.string(),
  /** Of the file that shows the agreement. */
  evidenceSha256: z.string(),
  enteredBy: z.string(),
  enteredAt: z.string(),
  revoked: z.object({ at: z.string(), by: z.string() }).exactOptional(),
});

export type Consent = z.infer<typeof consentSchema>;

/** What a consent is worth for one use at one moment. */
export type ConsentState = 'valid' | 'expired' | 'revoked' | 'other-use';

/** @param uses all of them must be agreed to */
export function consentState(consent: Consent, uses: readonly string[], now: Date): ConsentState {
  if (consent.revoked) return 'revoked';
  if (Date.parse(consent.until) <= now.getTime()) return 'expired';
  const covers = consent.uses.includes(ANY_USE) || uses.every((use) => consent.uses.includes(use));
  return covers ? 'valid' : 'other-use';
}
