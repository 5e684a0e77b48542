import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunFolder, type RunFolder } from '../../test/helpers/run-folder.ts';
import { openSqliteStore } from '../jobs/store/sqlite-store.ts';
import type { Store } from '../jobs/store/store.ts';
import { joinCluster } from './join-cluster.ts';

let folder: RunFolder;
let store: Store;
beforeEach(async () => {
  folder = createRunFolder();
  store = await openSqliteStore(folder.at('jobs.sqlite'));
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  folder.remove();
});

const member = { installation: 'aaaa1111', policy: 'p1', version: '1.0.0' };

it('takes workers of one installation, and says when policy or version have changed', async () => {
  expect(await joinCluster(store, member)).toEqual({ isChanged: false });
  expect(await joinCluster(store, member)).toEqual({ isChanged: false });
  expect(await joinCluster(store, { ...member, version: '1.1.0' })).toEqual({ isChanged: true });
  expect(await joinCluster(store, { ...member, version: '1.1.0', policy: 'p2' })).toEqual({ isChanged: true });
});

it('refuses another installation, and leaves the first registered', async () => {
  await joinCluster(store, member);
  await expect(joinCluster(store, { ...member, installation: 'bbbb2222' })).rejects.toMatchObject({
    code: 'KEYS_UNUSABLE',
    details: { expected: 'aaaa1111', received: 'bbbb2222' },
    hint: expect.stringContaining('FACEFUSION_KEYS'),
  });
  expect(await joinCluster(store, member)).toEqual({ isChanged: false });
});
