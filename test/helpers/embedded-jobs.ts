/** An embedded backend in a folder of its own, and uploads in it as the server would have made them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../src/core/ids.ts';
import type { Asset } from '../../src/jobs/asset.ts';
import type { Backend } from '../../src/jobs/backend.ts';
import { openBackend } from '../../src/jobs/open-backend.ts';
import type { Task } from '../../src/jobs/queue/queue.ts';

/** Disposing it removes the folder. */
export async function openTestBackend(): Promise<Backend & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'facefusion-jobs-'));
  const backend = await openBackend({ folder });
  return {
    ...backend,
    folder,
    async [Symbol.asyncDispose]() {
      await backend[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Adds an upload without bytes: for whoever only reads what it is. */
export async function addAsset(
  { store }: Pick<Backend, 'store'>,
  tenant: string,
  facts: Partial<Asset> & { readonly kind?: 'image' | 'video' | 'audio' } = {},
): Promise<Asset> {
  const { kind = 'image', ...given } = facts;
  const id = newId('asset');
  const asset: Asset = {
    ...{ id, tenant, owner: 'key', state: 'ready', fileName: `${kind}.bin`, bytes: 3 },
    ...{ key: `assets/${tenant}/${id}`, sha256: id.padEnd(64, '0'), contentType: `${kind}/x` },
    media: {
      image: { kind, format: 'jpg', width: 2000, height: 1000 },
      video: { kind, format: 'mp4', width: 640, height: 360, durationSeconds: 10, frames: 250, fps: 25 },
      audio: { kind, format: 'wav', durationSeconds: 3 },
    }[kind],
    createdAt: new Date().toISOString(),
    ...given,
  };
  const expiresAt = asset.expiresAt === undefined ? undefined : Date.parse(asset.expiresAt);
  await store.create('asset', { id, tenant, state: asset.state, expiresAt, value: asset });
  return asset;
}

/** The tasks that wait, taken by a worker which is stopped as soon as there are so many. */
export async function takeTasks(
  { queue }: Pick<Backend, 'queue'>,
  count: number,
  lanes = ['common'],
): Promise<readonly Task[]> {
  const taken: Task[] = [];
  await new Promise<void>((resolve, reject) => {
    const worker = queue.work({
      lanes: () => lanes,
      concurrency: 1,
      handler: async ({ task }) => {
        taken.push(task);
        if (taken.length === count) worker.close().then(resolve, reject);
        return null;
      },
    });
  });
  return taken;
}
