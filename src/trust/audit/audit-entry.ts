/** What one line of the audit log says. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Json } from './canonical-json.ts';

/** What happened. */
export const AUDIT_KINDS = [
  'log.created',
  'log.recovered',
  'run.begun',
  'run.refused',
  'run.failed',
  'chunk.made',
  'output.published',
  'live.ended',
  'consent.added',
  'consent.revoked',
  'consent.stated',
  'blocklist.added',
  'blocklist.removed',
  'label.duty',
  'keys.changed',
  'api.call',
  'api.key',
  'personal.erased',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

export interface AuditEvent {
  readonly kind: AuditKind;
  /** Facts that may stay for ever: hashes, ids, options, scores, policy. Never faces, embeddings or secrets. */
  readonly facts: Readonly<Record<string, Json>>;
  /**
   * What says who somebody is: kept outside of the chain, which holds only a salted hash of each value, so that it can be
   * erased later.
   */
  readonly personal?: Readonly<Record<string, string>>;
}

const hex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

export const auditLineSchema = z
  .object({
    /** From 0, without gaps. */
    seq: z.number().int().min(0),
    /** ISO 8601, UTC. Never before that of the line before. */
    time: z.iso.datetime(),
    /** Set where the clock said an earlier time than the line before has. */
    clock: z.literal('set-back').exactOptional(),
    kind: z.enum(AUDIT_KINDS),
    facts: z.record(z.string(), z.json()),
    /** Salted hash of each personal value. */
    personal: z.record(z.string(), hex(32)).exactOptional(),
    /** Hash of the line before; of nothing for the first. */
    prev: hex(32),
  })
  .strict();

export type AuditLine = z.infer<typeof auditLineSchema>;

/** Personal values of a line, with what their hashes are salted with. */
export interface PersonalRecord {
  readonly seq: number;
  readonly salt: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Salts and hashes personal values. */
export function commitPersonal(
  seq: number,
  values: Readonly<Record<string, string>>,
  salt: string = randomBytes(32).toString('hex'),
): { readonly record: PersonalRecord; readonly hashes: Record<string, string> } {
  const hashes = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, personalHash(salt, value)]));
  return { record: { seq, salt, values }, hashes };
}

export const personalHash = (salt: string, value: string): string =>
  createHash('sha256').update(Buffer.from(salt, 'hex')).update(value, 'utf8').digest('hex');
