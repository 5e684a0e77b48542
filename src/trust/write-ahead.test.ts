import { expect, it } from 'vitest';
import { WriteAhead } from './write-ahead.ts';

it('writes in order, one at a time, and returns before the write is done', async () => {
  const log: string[] = [];
  const release: (() => void)[] = [];
  const ahead = new WriteAhead<number>(async (item) => {
    log.push(`begin ${item}`);
    await new Promise<void>((resolve) => release.push(resolve));
    log.push(`end ${item}`);
  });
  await ahead.push(1);
  expect(log).toEqual(['begin 1']);
  const second = ahead.push(2);
  release[0]!();
  await second;
  expect(log).toEqual(['begin 1', 'end 1', 'begin 2']);
  release[1]!();
  await ahead.settle();
  expect(log.at(-1)).toBe('end 2');
});

it('throws the failure of a write at the next call, and goes on throwing it', async () => {
  const failure = new Error('disk full');
  const ahead = new WriteAhead<number>(() => Promise.reject(failure));
  await ahead.push(1);
  await expect(ahead.push(2)).rejects.toBe(failure);
  await expect(ahead.settle()).rejects.toBe(failure);
});
