import { expect, it } from 'vitest';
import { noRoomOf, toWords } from './why-nothing-begins.ts';

const NEEDED = 512 * 1024 ** 2;
const worker = (freeMegabytes: number, state: 'ready' | 'draining' = 'ready') => ({
  state,
  scratch: { usedBytes: 0, freeBytes: freeMegabytes * 1e6, neededBytes: NEEDED, folder: `~/${freeMegabytes}` },
});

it('nothing begins where no worker has room, and the one that lacks least is told', () => {
  expect(noRoomOf([worker(100), worker(400), worker(9000, 'draining')])).toEqual({
    ...{ code: 'disk-full', freeBytes: 400e6, wantedBytes: NEEDED, folder: '~/400' },
  });
});

it.each([
  ['one has room', [worker(100), worker(9000)]],
  ['one says nothing of its room', [worker(100), { state: 'ready' as const, scratch: undefined }]],
  ['one is of an earlier version', [{ state: 'ready' as const, scratch: { usedBytes: 0, freeBytes: 1 } }]],
  ['there is none', []],
])('it is not the disk where %s', (_, workers) => {
  expect(noRoomOf(workers)).toBeUndefined();
});

it('the folder is told to who runs the service only', () => {
  const room = noRoomOf([worker(100)]);
  if (!room) throw new Error('There is room.');
  expect(toWords(room, true).message).toContain('~/100');
  expect(toWords(room, false)).toEqual({
    message: expect.stringMatching(/100 MB are free .*files, and 537 MB are needed\.$/),
    hint: expect.stringContaining('--scratch'),
  });
});
