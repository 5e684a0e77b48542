import { expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { toLimitError, withMemoryLimit } from './memory-limit.ts';

const OF_RUN = new AppError('MEMORY_LIMIT', 'Too much.', { hint: 'Raise --system-memory-limit.', details: { a: 1 } });

it.each([
  [{}, undefined, undefined],
  [{}, 2e9, 2],
  [{ systemMemoryLimit: 0 }, 2e9, 2],
  [{ systemMemoryLimit: 1.5 }, 2e9, 1.5],
  [{ systemMemoryLimit: 3 }, 2e9, 2],
  [{ systemMemoryLimit: 3 }, undefined, 3],
])('of the limits %j of a job and %s of the worker the lower holds', (options, ofWorker, held) => {
  expect(withMemoryLimit(options, ofWorker).systemMemoryLimit).toBe(held);
});

it('tells who can raise the limit', () => {
  expect(toLimitError(OF_RUN, {}, 2e9)).toMatchObject({
    code: 'MEMORY_LIMIT',
    hint: expect.stringContaining('--memory-limit of the service'),
    details: { a: 1 },
  });
  expect(toLimitError(OF_RUN, { systemMemoryLimit: 1 }, 2e9)).toBe(OF_RUN);
  expect(toLimitError(OF_RUN, {}, undefined)).toBe(OF_RUN);
  const other = new AppError('RUNNER_FAILED', 'Gone.');
  expect(toLimitError(other, {}, 2e9)).toBe(other);
});
