/** The work of `facefusion keys api`. Making and ending a key is in the audit log. */
import { jobsFolder, openBackend } from '../../jobs/open-backend.ts';
import type { Store } from '../../jobs/store/store.ts';
import { openInstallation } from '../../runner/persons/installation.ts';
import { type ApiKey, createApiKey, isUsable, listApiKeys, revokeApiKey } from '../../server/auth/api-keys.ts';
import type { CommonValues } from '../session.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** The flags, as commander hands them over. */
export interface CreateKeyValues extends CommonValues {
  readonly queue?: string;
  readonly name: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly expiresDays?: number;
  readonly requestsPerMinute?: number;
  readonly jobsPerDay?: number;
  readonly minutesPerDay?: number;
  readonly bytesPerDay?: number;
  readonly ifNone?: boolean;
}

const DAY_MS = 86_400_000;

async function withStore<T>(queue: string | undefined, work: (store: Store) => Promise<T>): Promise<T> {
  await using backend = await openBackend({ queue, folder: jobsFolder() });
  return work(backend.store);
}

async function record(action: 'created' | 'revoked', { id, tenant, scopes }: ApiKey): Promise<void> {
  const { audit } = await openInstallation();
  await audit.append({ kind: 'api.key', facts: { action, key: id, tenant, scopes: [...scopes] } });
}

/** @throws OPTION_INVALID, STORE_FAILED */
export async function createKey(terminal: Terminal, values: CreateKeyValues): Promise<void> {
  const { name, tenant, queue, expiresDays, ifNone } = values;
  const scopes = values.scopes.flatMap((scope) => scope.split(',')).filter((scope) => scope !== '');
  const made = await withStore(queue, async (store) => {
    if (ifNone && (await listApiKeys(store)).some((key) => isUsable(key))) return undefined;
    const created = await createApiKey(store, {
      ...{ tenant, name, scopes, limits: limitsOf(values) },
      expiresAt: expiresDays === undefined ? undefined : new Date(Date.now() + expiresDays * DAY_MS),
    });
    await record('created', created.key);
    return created;
  });
  if (made === undefined) {
    terminal.result('keys api create', { key: null }, () => terminal.say('There is a valid key already.'));
    return;
  }
  terminal.result('keys api create', { key: made.key, text: made.text }, () => {
    terminal.data(made.text);
    terminal.say(`Key ${made.key.id} of tenant ${tenant}. It is shown this once: keep it. Authorization: Bearer …`);
  });
}

const limitsOf = ({ requestsPerMinute, jobsPerDay, minutesPerDay, bytesPerDay }: CreateKeyValues) => ({
  ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
  ...(jobsPerDay === undefined ? {} : { jobsPerDay }),
  ...(minutesPerDay === undefined ? {} : { minutesPerDay }),
  ...(bytesPerDay === undefined ? {} : { bytesPerDay }),
});

interface ListValues {
  readonly queue?: string | undefined;
  readonly tenant?: string | undefined;
}

export async function listKeys(terminal: Terminal, { queue, tenant }: ListValues): Promise<void> {
  const keys = await withStore(queue, (store) => listApiKeys(store, tenant));
  terminal.result('keys api list', { keys }, () => {
    const rows = keys.map((key) => [
      ...[key.id, key.tenant, key.name, stateOf(key), key.scopes.join(' ')],
      ...[key.expiresAt ?? 'never', key.lastUsedAt ?? 'never'],
    ]);
    const head = ['key', 'tenant', 'name', 'state', 'scopes', 'ends', 'last used'];
    for (const line of formatTable([head, ...rows])) terminal.data(line);
  });
}

const stateOf = (key: ApiKey): string =>
  isUsable(key) ? 'valid' : key.revokedAt === undefined ? 'expired' : 'revoked';

/** @throws NOT_FOUND */
export async function revokeKey(
  terminal: Terminal,
  id: string,
  { queue }: { readonly queue?: string | undefined },
): Promise<void> {
  const key = await withStore(queue, async (store) => {
    const revoked = await revokeApiKey(store, id);
    await record('revoked', revoked);
    return revoked;
  });
  terminal.result('keys api revoke', { key }, () => terminal.say(`${key.id} opens nothing any more.`));
}
