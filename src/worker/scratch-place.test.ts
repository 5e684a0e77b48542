import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunFolder, type RunFolder } from '../../test/helpers/run-folder.ts';
import { isHolderAlive, thisProcess } from '../core/files/file-lock.ts';
import { newId } from '../core/ids.ts';
import { silentLogger } from '../core/logger.ts';
import type { Backend } from '../jobs/backend.ts';
import { openBackend } from '../jobs/open-backend.ts';
import { hostHash } from './find-abilities.ts';
import { openScratchPlace } from './scratch-place.ts';

let folder: RunFolder;
let backend: Backend;
beforeEach(async () => {
  folder = createRunFolder();
  backend = await openBackend({ folder: folder.at('data') });
});
afterEach(async () => {
  await backend[Symbol.asyncDispose]();
  folder.remove();
});

const open = (isShared: boolean) =>
  openScratchPlace({
    ...{ root: folder.at('scratch'), worker: newId('worker'), backend: { ...backend, isShared }, logger: silentLogger },
  });

/** A folder as a worker would have left it. */
function leave(owner: string, age = 0): string {
  const name = newId('worker');
  mkdirSync(folder.at(`scratch/${name}`), { recursive: true });
  if (owner !== '') writeFileSync(folder.at(`scratch/${name}/owner`), owner);
  const then = Date.now() / 1000 - age;
  utimesSync(folder.at(`scratch/${name}`), then, then);
  return name;
}

it('removes what workers left that are gone, and nothing of those that are there', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  leave(`${hostHash()} ${child.pid} 1`);
  leave('elsewhere 1 1', 60);
  const kept = [leave(`${hostHash()} ${await thisProcess()}`), leave('elsewhere 1 1'), leave('')];
  writeFileSync(folder.at('scratch/notes.txt'), 'of somebody');
  const place = await open(true);
  const names = readdirSync(folder.at('scratch'));
  expect(names.sort()).toEqual([...kept, 'notes.txt', place.path.split('/').at(-1)].sort());
  expect(place.hasRoom).toBe(true);
  expect(await isHolderAlive(await thisProcess())).toBe(true);
  await place[Symbol.asyncDispose]();
  expect(readdirSync(folder.at('scratch')).sort()).toEqual([...kept, 'notes.txt'].sort());
});

it('keeps the folder of an embedded service', async () => {
  const place = await open(false);
  expect(place.path).toBe(folder.at('scratch'));
  await place[Symbol.asyncDispose]();
  expect(readdirSync(folder.at('scratch'))).toEqual([]);
});
