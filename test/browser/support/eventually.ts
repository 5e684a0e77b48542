import { expect } from 'vitest';

/** As long as anything on a page is waited for: a busy machine is no fault. */
const LONGEST_MS = 90_000;

/** What will be true of something that is looked at again and again. */
export const eventually = <T>(look: () => T | Promise<T>): ReturnType<typeof expect.poll<T>> =>
  expect.poll(look, { timeout: LONGEST_MS, interval: 50 });
