/** Uploads of tenants: kept once by content, found again by id, removed with their bytes. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataFolder } from '../../core/data-folder.ts';
import { AppError } from '../../core/errors.ts';
import { isId } from '../../core/ids.ts';
import { type Asset, assetSchema } from '../../jobs/asset.ts';
import type { Backend } from '../../jobs/backend.ts';
import { ASSET_KIND, moveExpiry } from '../../jobs/hold-assets.ts';
import { peoplePrefix } from '../../jobs/kept-people.ts';
import { createUsageCounter } from '../../jobs/usage.ts';
import type { Caller } from '../auth/caller.ts';
import { spendQuota } from '../quotas.ts';
import type { ServerOptions } from '../server-options.ts';
import { assetIdOf, assetKey } from './asset-keys.ts';
import { clearIncoming, type FileFacts, toDiskError } from './incoming-file.ts';
import { inspectMedia } from './inspect-media.ts';

const HOUR_MS = 3_600_000;
/** Milliseconds after which the lock of a process that is gone no longer counts; renewing would not pay. */
const LOCK_MS = 15 * 60_000;
const LOCK_POLL_MS = 50;

/** An asset that has its bytes. */
export interface ReadyAsset extends Asset {
  readonly key: string;
  readonly sha256: string;
  readonly contentType: string;
  readonly media: NonNullable<Asset['media']>;
}

export interface KeptAsset {
  readonly asset: ReadyAsset;
  /** False where this tenant had the same bytes already: its asset is given back, and lasts longer now. */
  readonly isNew: boolean;
}

export interface AssetPageRequest {
  readonly limit: number;
  readonly after?: number | undefined;
}

/** Everything of another tenant is not found, as what never was. */
export interface Assets {
  /** Folder of this machine for files in work. */
  readonly folder: string;
  readonly limits: ServerOptions['uploads'];
  /**
   * Looks at a file by its content and takes it over.
   * @param file lent; the name of its path is what messages call it
   * @throws see `inspectMedia`; QUOTA_EXCEEDED, STORAGE_FAILED, STORE_FAILED, OUTPUT_FAILED: nothing is kept then
   */
  keep(caller: Caller, file: FileFacts, fileName: string, signal?: AbortSignal): Promise<KeptAsset>;
  /** @throws NOT_FOUND */
  get(tenant: string, id: string): Promise<ReadyAsset>;
  list(
    tenant: string,
    page: AssetPageRequest,
  ): Promise<{ readonly assets: readonly ReadyAsset[]; readonly next?: number }>;
  /** Removes an asset and its bytes. Jobs that still need it fail. @throws NOT_FOUND */
  remove(tenant: string, id: string): Promise<void>;
  /** Removes what has expired. @returns how many */
  sweep(): Promise<number>;
}

export function createAssets({ store, storage }: Backend, limits: ServerOptions['uploads']): Assets {
  const usage = createUsageCounter(store);
  const folder = join(dataFolder(), 'incoming');
  const expiry = (): number | undefined =>
    limits.keepHours === 0 ? undefined : Date.now() + limits.keepHours * HOUR_MS;

  const read = async (id: string): Promise<ReadyAsset | undefined> => {
    const document = isId('asset', id) ? await store.read(ASSET_KIND, id) : undefined;
    return document && readyAsset(assetSchema.parse(document.value));
  };

  /** One at a time for each asset, whatever the process. */
  const locked = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const lock = { id, tenant: '', state: 'locked', value: {} };
    while (!(await store.create('asset-lock', { ...lock, expiresAt: Date.now() + LOCK_MS }))) await sleep(LOCK_POLL_MS);
    try {
      return await work();
    } finally {
      await store.remove('asset-lock', id);
    }
  };

  const prolong = async (id: string): Promise<ReadyAsset | undefined> => {
    const until = expiry();
    if (until !== undefined) await moveExpiry(store, id, (before) => Math.max(before, until));
    return read(id);
  };

  const get = async (tenant: string, id: string): Promise<ReadyAsset> => {
    const asset = await read(id);
    if (asset?.tenant !== tenant) throw noSuchAsset(id);
    return asset;
  };

  /** Within the lock. The second document stays when the first expires, and tells where the bytes are. */
  const dropBytes = async (id: string): Promise<boolean> => {
    const file = await store.read('asset-file', id);
    const { key } = Object(file?.value) as { readonly key?: unknown };
    if (typeof key !== 'string') return false;
    await storage.remove([key]);
    await storage.removePrefix(peoplePrefix(key));
    return store.remove('asset-file', id);
  };

  return {
    ...{ folder, limits },
    get,

    async keep(caller, file, fileName, signal) {
      const { tenant, owner } = caller;
      const { media, contentType } = await inspectMedia(file.path, limits, signal);
      const id = assetIdOf(tenant, file.sha256);
      const key = assetKey(tenant, file.sha256);
      return locked(id, async () => {
        const known = await read(id);
        const kept = known && (await storage.head(key)) ? await prolong(id) : undefined;
        if (kept) return { asset: kept, isNew: false };
        const expiresAt = expiry();
        const asset: ReadyAsset = {
          ...{ id, tenant, owner, state: 'ready', fileName, key, bytes: file.bytes, sha256: file.sha256 },
          ...{ contentType, media, createdAt: new Date().toISOString() },
          ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
        };
        const giveBack = await spendQuota(store, caller, { bytes: file.bytes });
        // First what says where bytes may be: a crash behind it leaves nothing that nobody finds.
        await store.create('asset-file', { id, tenant, state: 'kept', value: { key } });
        try {
          await storage.putFile(key, file.path, { contentType, signal });
          await store.remove(ASSET_KIND, id);
          await store.create(ASSET_KIND, { id, tenant, state: 'ready', expiresAt, value: asset });
        } catch (error) {
          await Promise.all([dropBytes(id), giveBack()]);
          throw toDiskError(error) ?? error;
        }
        await usage.count({ tenant, owner }, asset.createdAt, { bytesUploaded: file.bytes });
        return { asset, isNew: true };
      });
    },

    async list(tenant, { limit, after }) {
      const documents = await store.list(ASSET_KIND, {
        ...{ tenant, states: ['ready'], limit: limit + 1, newestFirst: true },
        ...(after === undefined ? {} : { after }),
      });
      const page = documents.slice(0, limit);
      const last = page.at(-1);
      return {
        assets: page.map(({ value }) => readyAsset(assetSchema.parse(value))).filter((asset) => asset !== undefined),
        ...(documents.length > limit && last ? { next: last.sequence } : {}),
      };
    },

    async remove(tenant, id) {
      await get(tenant, id);
      await locked(id, async () => {
        await store.remove(ASSET_KIND, id);
        await dropBytes(id);
      });
    },

    async sweep() {
      await clearIncoming(folder);
      let removed = 0;
      for (const id of await store.sweep(ASSET_KIND)) {
        await locked(id, async () => {
          // It may have come again meanwhile.
          if (!(await store.read(ASSET_KIND, id)) && (await dropBytes(id))) removed++;
        });
      }
      return removed;
    },
  };
}

const readyAsset = (asset: Asset): ReadyAsset | undefined => {
  const { key, sha256, contentType, media } = asset;
  return key === undefined || sha256 === undefined || contentType === undefined || media === undefined
    ? undefined
    : { ...asset, key, sha256, contentType, media };
};

export const noSuchAsset = (id: string): AppError =>
  new AppError('NOT_FOUND', `There is no asset ${id.slice(0, 40)}.`, {
    hint: 'Upload it again: assets are removed when they expire.',
  });
