import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteStore } from './store/sqlite-store.ts';
import type { Store } from './store/store.ts';
import { createUsageCounter, readUsage, sumUsage } from './usage.ts';

let store: Store;
beforeEach(() => {
  store = openSqliteStore(':memory:');
});
afterEach(() => store[Symbol.asyncDispose]());

it('counts by tenant, key and day, in parts of a second and a megapixel', async () => {
  const usage = createUsageCounter(store);
  const key = { tenant: 'acme', owner: 'key/1' };
  await usage.count(key, '2026-11-28T23:59:59.999Z', { jobs: 1, videoSeconds: 1.5 });
  await usage.count(key, '2026-11-29T00:00:00.000Z', { jobs: 1, megapixels: 0.25 });
  await usage.count({ ...key, owner: 'key/2' }, '2026-11-29T12:00:00.000Z', { bytesUploaded: 7, bytesStored: 3 });
  // Another process with a counter of its own.
  await createUsageCounter(store).count(key, '2026-11-29T13:00:00.000Z', { jobs: 2 });
  await usage.count({ tenant: 'acme/key', owner: '1' }, '2026-11-29T13:00:00.000Z', { jobs: 100 });
  const none = { jobs: 0, videoSeconds: 0, megapixels: 0, bytesUploaded: 0, bytesStored: 0 };
  const days = await readUsage(store, 'acme', { from: '2026-11-29', to: '2026-11-30' });
  expect([...days].sort((a, b) => (a.owner < b.owner ? -1 : 1))).toEqual([
    { ...none, day: '2026-11-29', owner: 'key/1', jobs: 3, megapixels: 0.25 },
    { ...none, day: '2026-11-29', owner: 'key/2', bytesUploaded: 7, bytesStored: 3 },
  ]);
  const all = await readUsage(store, 'acme', { from: '2026-11-01', to: '2026-11-30' });
  expect(sumUsage(all)).toEqual({ jobs: 4, videoSeconds: 1.5, megapixels: 0.25, bytesUploaded: 7, bytesStored: 3 });
});

it('goes through more days than a page has', async () => {
  const usage = createUsageCounter(store);
  for (let key = 0; key < 1100; key++) {
    await usage.count({ tenant: 'acme', owner: `k${key}` }, '2026-11-29T00:00:00.000Z', { jobs: 1 });
  }
  expect(sumUsage(await readUsage(store, 'acme', { from: '2026-11-29', to: '2026-11-29' })).jobs).toBe(1100);
});

it('refuses what is no day', async () => {
  const range = { from: 'yesterday', to: '2026-11-29' };
  await expect(readUsage(store, 'acme', range)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
});
