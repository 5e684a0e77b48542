/** The work of `facefusion callbacks`. */
import { callbackSecret, rotateCallbackSecret } from '../../jobs/callbacks/callback-secrets.ts';
import { listCallbacks, replayCallback } from '../../jobs/callbacks/delivery.ts';
import { LOCAL_TENANT } from '../../jobs/job.ts';
import { jobsFolder, openBackend } from '../../jobs/open-backend.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

interface Values {
  readonly queue?: string | undefined;
  readonly tenant?: string | undefined;
}

/** Documents of a page of the store. */
const MOST = 1000;

const open = ({ queue }: Values) => openBackend({ queue, folder: jobsFolder() });

export async function list(
  terminal: Terminal,
  values: Values & { readonly dead?: boolean; readonly limit: number },
): Promise<void> {
  await using backend = await open(values);
  const { tenant, dead, limit } = values;
  const callbacks = await listCallbacks(backend.store, {
    ...{ tenant, limit: Math.min(MOST, Math.max(1, limit)) },
    ...(dead ? { states: ['dead'] } : {}),
  });
  terminal.result('callbacks list', { callbacks }, () => {
    const rows = callbacks.map(({ id, type, state, attempts, url, createdAt }) => {
      const last = attempts.at(-1);
      return [id, type, state, String(attempts.length), String(last?.status ?? last?.error ?? ''), createdAt, url];
    });
    const head = ['callback', 'type', 'state', 'tries', 'last', 'since', 'to'];
    for (const line of formatTable([head, ...rows])) terminal.data(line);
  });
}

/** @throws NOT_FOUND */
export async function replay(terminal: Terminal, id: string, values: Values): Promise<void> {
  await using backend = await open(values);
  const callback = await replayCallback(backend.store, id);
  terminal.result('callbacks replay', { callback }, () =>
    terminal.say(`${callback.id} is sent again by the next service that runs.`),
  );
}

export async function secret(terminal: Terminal, values: Values & { readonly rotate?: boolean }): Promise<void> {
  await using backend = await open(values);
  const { tenant = LOCAL_TENANT, rotate } = values;
  const made = await (rotate ? rotateCallbackSecret : callbackSecret)(backend.store, tenant);
  terminal.result('callbacks secret', { tenant, secret: made.secret, createdAt: made.createdAt }, () => {
    terminal.data(made.secret);
    if (made.previous) {
      terminal.say(`The one before signs, too, until ${new Date(made.previous.until).toISOString()}.`);
    }
  });
}
