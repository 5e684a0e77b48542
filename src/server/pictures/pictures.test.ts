import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPictureCache } from './picture-cache.ts';
import { createSharedWork } from './shared-work.ts';
import { createSlots } from './slots.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function held<T>(): { readonly work: () => Promise<T>; readonly end: (value: T) => void } {
  let end: (value: T) => void = () => {};
  const done = new Promise<T>((resolve) => {
    end = resolve;
  });
  return { work: () => done, end: (value) => end(value) };
}

describe('slots', () => {
  it('let so many work at once, in the order in which they came, and do without those who left', async () => {
    const slots = createSlots(2, 3);
    const begun: number[] = [];
    const [first, second] = [held<void>(), held<void>()];
    const use = (number: number, work: () => Promise<void>, signal = never) =>
      slots.use(() => {
        begun.push(number);
        return work();
      }, signal);
    const gone = new AbortController();
    const none = async (): Promise<void> => {};
    const all = [use(1, first.work), use(2, second.work)];
    const left = use(3, none, gone.signal);
    all.push(use(4, none), use(5, none));
    await expect(use(6, none)).rejects.toMatchObject({ code: 'OVERLOADED', retryable: true });
    expect(begun).toEqual([1, 2]);
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    first.end();
    second.end();
    await Promise.all(all);
    expect(begun).toEqual([1, 2, 4, 5]);
  });

  it('are free again after a failure', async () => {
    const slots = createSlots(1, 1);
    await expect(slots.use(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(await slots.use(async () => 'yes', never)).toBe('yes');
  });
});

describe('shared work', () => {
  it('is done once, goes on while one waits, and ends when nobody does', async () => {
    const shared = createSharedWork<string>();
    const { work, end } = held<string>();
    const signals: AbortSignal[] = [];
    const ask = (signal: AbortSignal) =>
      shared.do(
        'a',
        (own) => {
          signals.push(own);
          return work();
        },
        signal,
      );
    const [one, two] = [new AbortController(), new AbortController()];
    const waiting = [ask(one.signal), ask(two.signal)];
    one.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    two.abort();
    await expect(waiting[1]).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    // Whoever comes then begins anew.
    const third = ask(never);
    end('done');
    expect([await third, signals.length]).toEqual(['done', 2]);
  });
});

describe('the cache of pictures', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'facefusion-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const picture = Buffer.alloc(100, 1);

  it('keeps what was used last, and survives its process', async () => {
    const cache = await openPictureCache(folder, 250);
    for (const name of ['a.1.jpg', 'b.1.jpg']) await cache.put(name, picture);
    expect(await cache.get('a.1.jpg')).toEqual(picture);
    await cache.put('c.1.jpg', picture);
    expect([await cache.get('b.1.jpg'), cache.bytes, readdirSync(folder).sort()]).toEqual([
      undefined,
      200,
      ['a.1.jpg', 'c.1.jpg'],
    ]);
    writeFileSync(join(folder, '0123.part'), 'half');
    const next = await openPictureCache(folder, 250);
    expect([next.bytes, await next.get('c.1.jpg'), readdirSync(folder).length]).toEqual([200, picture, 2]);
  });

  it('forgets a subject, and what another process has taken away', async () => {
    const cache = await openPictureCache(folder, 1000);
    for (const name of ['a.1.jpg', 'a.2.jpg', 'b.1.jpg']) await cache.put(name, picture);
    await cache.forget('a');
    expect([...cache.subjects()]).toEqual(['b']);
    rmSync(join(folder, 'b.1.jpg'));
    expect([await cache.get('b.1.jpg'), cache.bytes]).toEqual([undefined, 0]);
  });
});
