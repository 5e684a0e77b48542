import { expect, it } from 'vitest';
import { AppError } from '../../core/errors.ts';
import { toTaskError } from './task-error.ts';

const FOLDER = '/scratch/tasks/token';

it('says nothing of where files lie on the worker', () => {
  const error = toTaskError(
    new AppError('OUTPUT_FAILED', `${FOLDER}/out-0/result.mp4 cannot be written.`, {
      hint: `Look at ${FOLDER}.`,
      details: { chunkFolder: `${FOLDER}/out-0/result.mp4.chunks`, name: `${FOLDER}/in-0/a.jpg`, framesKept: 3 },
    }),
    FOLDER,
  );
  expect(JSON.stringify(error)).not.toContain(FOLDER);
  expect(error.toJSON()).toMatchObject({
    message: 'out-0/result.mp4 cannot be written.',
    details: { name: 'in-0/a.jpg', framesKept: 3 },
  });
});

it.each([
  ['OUTPUT_FAILED', false, true],
  ['RUNNER_FAILED', true, true],
  ['STORAGE_FAILED', true, true],
  ['FFMPEG_FAILED', true, true],
  // Frames that are kept make a run worth another try, but not one whose input is at fault.
  ['INPUT_UNREADABLE', true, false],
  ['CONTENT_BLOCKED', true, false],
  ['TARGET_NO_FACE', false, false],
  ['MODEL_CORRUPT', false, false],
] as const)('%s that says retryable: %s is tried again: %s', (code, said, expected) => {
  expect(toTaskError(new AppError(code, 'No.', { retryable: said }), FOLDER).retryable).toBe(expected);
});
