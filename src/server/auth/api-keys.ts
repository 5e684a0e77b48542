/**
 * API keys: `ff_<id>_<secret>`. The store holds a hash of the secret. It has 256 random bits, so that a hash without salt
 * and without rounds cannot be turned back.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Store, StoredDocument } from '../../jobs/store/store.ts';
import { type Caller, type Limits, limitsSchema, TENANT_NAME } from './caller.ts';
import { isScope, SCOPES, type Scope } from './scopes.ts';

/** Kind of their documents, whose state is `valid` or `revoked`. */
const KIND = 'api-key';
const SECRET_BYTES = 32;
const TEXT = /^ff_([0-9a-hjkmnp-tv-z]{22})_([A-Za-z0-9_-]{43})$/;
const NAME_LETTERS = 100;
/** Keys of a page of `list`, which reads all pages. */
const PAGE = 500;
/** Milliseconds: to say that a key is in use, and write once an hour. */
const USED_EVERY = 3_600_000;

const valueSchema = z.object({
  name: z.string(),
  /** SHA-256 of the secret, hexadecimal. */
  hash: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  limits: limitsSchema,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
  /** To the hour. */
  lastUsedAt: z.iso.datetime().optional(),
});
type KeyValue = Readonly<z.infer<typeof valueSchema>>;

/** A key without its secret. */
export interface ApiKey extends Omit<KeyValue, 'hash'> {
  readonly id: string;
  readonly tenant: string;
}

export interface NewApiKey {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly limits?: Limits | undefined;
  readonly expiresAt?: Date | undefined;
}

const toKey = ({ id, tenant, value }: StoredDocument): ApiKey => {
  const { hash: _, ...rest } = valueSchema.parse(value);
  return { id, tenant, ...rest };
};

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * Makes a key.
 * @returns the key, and its text, which can never be had again
 * @throws OPTION_INVALID
 */
export async function createApiKey(
  store: Store,
  { tenant, name, scopes, limits = {}, expiresAt }: NewApiKey,
  now: Date = new Date(),
): Promise<{ readonly key: ApiKey; readonly text: string }> {
  if (!TENANT_NAME.test(tenant)) {
    throw invalid('tenant', `Expected a tenant of up to 64 letters, digits, - and _, received ${tenant}.`);
  }
  if (name.trim() === '' || name.length > NAME_LETTERS || /\p{Cc}/u.test(name)) {
    throw invalid('name', `Expected a name of 1 to ${NAME_LETTERS} letters.`);
  }
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined || scopes.length === 0) {
    throw invalid('scopes', `Expected scopes among ${SCOPES.join(', ')}, received ${unknown ?? 'none'}.`);
  }
  if (expiresAt !== undefined && !(expiresAt > now)) {
    throw invalid('expires', `Expected a time to come for the end of the key, received ${String(expiresAt)}.`);
  }
  const parsed = limitsSchema.safeParse(limits);
  if (!parsed.success) throw invalid('limits', `Expected limits of 0 and more: ${parsed.error.issues[0]?.message}.`);
  const id = newId('key', now.getTime());
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  const value: KeyValue = {
    name,
    hash: hashOf(secret).toString('hex'),
    scopes: [...new Set(scopes.filter(isScope))],
    limits: parsed.data,
    createdAt: now.toISOString(),
    ...(expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() }),
  };
  await store.create(KIND, { id, tenant, state: 'valid', value });
  const { hash: _, ...rest } = value;
  return { key: { id, tenant, ...rest }, text: `ff_${id.slice('key_'.length)}_${secret}` };
}

/** All keys, or those of a tenant, oldest first; revoked and expired ones too. */
export async function listApiKeys(store: Store, tenant?: string): Promise<readonly ApiKey[]> {
  const keys: ApiKey[] = [];
  for (let after: number | undefined; ; ) {
    const page = await store.list(KIND, { tenant, after, limit: PAGE });
    keys.push(...page.map(toKey));
    if (page.length < PAGE) return keys;
    after = page.at(-1)?.sequence;
  }
}

/** Whether a key opens anything now. */
export const isUsable = ({ revokedAt, expiresAt }: ApiKey, now: number = Date.now()): boolean =>
  revokedAt === undefined && (expiresAt === undefined || Date.parse(expiresAt) > now);

/**
 * Ends a key; within 5 s no gateway takes it any more.
 * @param tenant whose it must be; left out: anybody's
 * @throws NOT_FOUND
 */
export async function revokeApiKey(store: Store, id: string, tenant?: string, now: Date = new Date()): Promise<ApiKey> {
  let isTheirs = false;
  const document = await store.update(KIND, id, (current) => {
    isTheirs = tenant === undefined || current.tenant === tenant;
    const value = valueSchema.parse(current.value);
    if (!isTheirs || value.revokedAt !== undefined) return undefined;
    return { state: 'revoked', value: { ...value, revokedAt: now.toISOString() } };
  });
  if (document && isTheirs) return toKey(document);
  throw new AppError('NOT_FOUND', `There is no API key ${id.slice(0, 64)}.`, {
    hint: 'List them: facefusion keys api list',
  });
}

/** Whether a text looks like an API key, rather than a token. */
export const isKeyText = (text: string): boolean => text.startsWith('ff_');

/**
 * Who a key's text belongs to; undefined where it opens nothing: unknown, wrong, revoked or expired.
 * @param read a document of the store by its id, or what is remembered of it
 */
export async function callerOfKey(
  text: string,
  read: (id: string) => Promise<StoredDocument | undefined>,
  now: number = Date.now(),
): Promise<Caller | undefined> {
  const [, id, secret] = TEXT.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const document = await read(`key_${id}`);
  if (document === undefined) return undefined;
  const value = valueSchema.parse(document.value);
  if (!timingSafeEqual(hashOf(secret), Buffer.from(value.hash, 'hex'))) return undefined;
  if (!isUsable(toKey(document), now)) return undefined;
  const scopes: readonly Scope[] = value.scopes;
  return { tenant: document.tenant, owner: document.id, scopes, limits: value.limits, kind: 'key' };
}

export const readKey = (store: Store, id: string): Promise<StoredDocument | undefined> => store.read(KIND, id);

/** Notes that a key is in use, unless that was noted within the hour. */
export async function noteUse(store: Store, document: StoredDocument, now: number): Promise<void> {
  const { lastUsedAt } = valueSchema.parse(document.value);
  if (lastUsedAt !== undefined && now - Date.parse(lastUsedAt) < USED_EVERY) return;
  const hour = new Date(now - (now % USED_EVERY)).toISOString();
  await store.update(KIND, document.id, ({ state, value }) => ({
    state,
    value: { ...valueSchema.parse(value), lastUsedAt: hour },
  }));
}

const invalid = (option: string, message: string): AppError =>
  new AppError('OPTION_INVALID', message, { details: { option } });
