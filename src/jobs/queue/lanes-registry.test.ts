import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunFolder, type RunFolder } from '../../../test/helpers/run-folder.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { COMMON_LANE, type LaneNeeds } from './lanes.ts';
import { lanesFor, registerLane } from './lanes-registry.ts';

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

const GB = 1e9;
const needs = (more: Partial<LaneNeeds> = {}): LaneNeeds => ({ providers: [], models: [], memoryBytes: 0, ...more });

it('gives a worker the lanes that it can serve, and no other', async () => {
  const cuda = await registerLane(store, needs({ providers: ['cuda'] }));
  const model = await registerLane(store, needs({ models: ['inswapper_128'] }));
  const large = await registerLane(store, needs({ memoryBytes: 6 * GB }));
  expect(await registerLane(store, needs())).toBe(COMMON_LANE);
  expect(await lanesFor(store, needs({ memoryBytes: 2 * GB }))).toEqual([COMMON_LANE]);
  expect(await lanesFor(store, needs({ providers: ['cuda'], memoryBytes: 2 * GB }))).toEqual([COMMON_LANE, cuda]);
  const able = needs({ providers: ['cuda'], models: ['inswapper_128', 'other'], memoryBytes: 8 * GB });
  expect(new Set(await lanesFor(store, able))).toEqual(new Set([COMMON_LANE, cuda, model, large]));
});

it('writes a lane once an hour, and forgets one that nobody uses for long', async () => {
  const started = Date.now();
  const lane = await registerLane(store, needs({ models: ['a'] }), started);
  const first = await store.read('lane', lane);
  await registerLane(store, needs({ models: ['a'] }), started + 1000);
  expect((await store.read('lane', lane))!.version).toBe(first!.version);
  await registerLane(store, needs({ models: ['a'] }), started + 3_600_001);
  expect((await store.read('lane', lane))!.expiresAt).toBeGreaterThan(first!.expiresAt!);
});
