/** What callbacks of a tenant are signed with. Made with the first one; kept readable, since signing needs it. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../store/store.ts';

/** Kind of the documents; their id is the tenant. */
const KIND = 'callback-secret';
/** 24 to 64 says the specification. */
const SECRET_BYTES = 32;
/** Milliseconds for which what was replaced still signs, too: receivers change without losing a callback. */
export const OVERLAP_MILLISECONDS = 24 * 3_600_000;

const valueSchema = z.object({
  secret: z.string(),
  createdAt: z.iso.datetime(),
  previous: z.object({ secret: z.string(), until: z.number() }).optional(),
});

export interface CallbackSecret {
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly createdAt: string;
  /** Still signs beside it, until then. */
  readonly previous?: { readonly secret: string; readonly until: number } | undefined;
}

const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/** The secret of a tenant, made where there is none. */
export async function callbackSecret(store: Store, tenant: string, now: number = Date.now()): Promise<CallbackSecret> {
  const known = await store.read(KIND, tenant);
  if (known !== undefined) return valueSchema.parse(known.value);
  const value = { secret: newSecret(), createdAt: new Date(now).toISOString() };
  if (await store.create(KIND, { id: tenant, tenant, state: 'valid', value })) return value;
  // Somebody else was quicker.
  return valueSchema.parse((await store.read(KIND, tenant))?.value);
}

/** Another secret; the one before signs beside it for a day. */
export async function rotateCallbackSecret(
  store: Store,
  tenant: string,
  now: number = Date.now(),
): Promise<CallbackSecret> {
  await callbackSecret(store, tenant, now);
  const document = await store.update(KIND, tenant, ({ value }) => ({
    state: 'valid',
    value: {
      secret: newSecret(),
      createdAt: new Date(now).toISOString(),
      previous: { secret: valueSchema.parse(value).secret, until: now + OVERLAP_MILLISECONDS },
    },
  }));
  return valueSchema.parse(document?.value);
}

/** Secrets to sign with now, the newest first. */
export async function signingSecrets(store: Store, tenant: string, now: number): Promise<readonly string[]> {
  const { secret, previous } = await callbackSecret(store, tenant, now);
  return previous !== undefined && previous.until > now ? [secret, previous.secret] : [secret];
}
