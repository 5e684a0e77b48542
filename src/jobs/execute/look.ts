/** Answers that somebody waits for: faces, people, a preview, a verdict. */
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import type { OnProgress } from '../../core/progress.ts';
import { contentTypeOf } from '../../trust/post/derived-output.ts';
import { lookStream } from '../job-streams.ts';
import type { Attempt } from '../queue/queue.ts';
import type { Storage } from '../storage/storage.ts';
import { type LookPayload, lookPayloadSchema, type lookResultSchema } from '../tasks.ts';
import type { Execution } from './execution.ts';
import { type FetchedInputs, fetchInputs, toMapWord } from './fetch-inputs.ts';
import { lookPrefix, toKeyName } from './keys.ts';
import { rangesWith } from './run-step.ts';
import { toTaskError } from './task-error.ts';

type LookResult = z.output<typeof lookResultSchema>;

/** Pictures are fetched at once by whoever waits; the tag lets a rule of the storage remove what is left. */
const PICTURE = { cacheControl: 'private, max-age=300', tags: { purpose: 'look' } } as const;

/** @throws what the runner's task throws */
export async function doLook(execution: Execution, attempt: Attempt): Promise<LookResult> {
  const payload = lookPayloadSchema.parse(attempt.task.payload);
  const { scratch } = execution;
  await using folder = await scratch.openTask(attempt.task.id, attempt.token);
  try {
    using inputs = await fetchInputs(payload, scratch.inputs, join(folder.path, 'in'), attempt.signal);
    return await answer(execution, attempt, payload, inputs, join(folder.path, 'out'));
  } catch (thrown) {
    await execution.backend.storage.removePrefix(picturePrefix(attempt));
    throw toTaskError(thrown, folder.path);
  }
}

async function answer(
  { pool, logger, backend: { storage, store: events } }: Execution,
  attempt: Attempt,
  { what, frameNumber, options }: LookPayload,
  inputs: FetchedInputs,
  out: string,
): Promise<LookResult> {
  const { signal } = attempt;
  const context = { signal, logger };
  const path = inputs.target;
  const store = (file: string): Promise<string> => storePicture(storage, attempt, file);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true, mode: 0o700 });
  switch (what) {
    case 'faces': {
      const { faceDetectorScore: minimumScore } = options;
      const score = typeof minimumScore === 'number' ? { minimumScore } : {};
      const seen = await pool.run({ name: 'faces', path, frameNumber, cropsFolder: out, ...score }, context);
      return { value: { ...seen, faces: await Promise.all(seen.faces.map(withStoredCrop)) } };
    }
    case 'people': {
      const stream = lookStream(attempt.task.job);
      const onProgress: OnProgress = ({ type: _, ...progress }) => {
        // Whoever waits can do without one of them.
        events.publish(stream, progress).catch(() => undefined);
      };
      const seen = await pool.run({ name: 'people', path, cropsFolder: out }, { ...context, onProgress });
      return { value: { ...seen, persons: await Promise.all(seen.persons.map(withStoredCrop)) } };
    }
    case 'preview': {
      const outputPath = join(out, 'preview.png');
      const result = await pool.run(
        {
          name: 'preview',
          frameNumber,
          options: {
            ...options,
            sourcePaths: inputs.sources,
            map: inputs.map.map(toMapWord),
            ...rangesWith(options, inputs),
            ...{ targetPath: path, outputPath, force: true },
          },
        },
        context,
      );
      const { outputPath: _, sources, ...value } = result;
      return {
        value: { ...value, sources: sources.map(({ path: of, ...source }) => ({ ...source, name: basename(of) })) },
        picture: await store(outputPath),
      };
    }
    case 'verify': {
      const { file: _, ...verdict } = await pool.run({ name: 'verify', path }, context);
      return { value: verdict };
    }
  }

  /** With the storage key of its picture instead of the path. */
  async function withStoredCrop<T extends { readonly crop?: string }>({ crop, ...seen }: T) {
    return crop === undefined ? seen : { ...seen, crop: await store(crop) };
  }
}

const picturePrefix = ({ task, token }: Attempt): string => `${lookPrefix(task.id)}${token}/`;

async function storePicture(storage: Storage, attempt: Attempt, path: string): Promise<string> {
  const name = toKeyName(basename(path));
  const key = picturePrefix(attempt) + name;
  await storage.putFile(key, path, { ...PICTURE, contentType: contentTypeOf(name), signal: attempt.signal });
  return key;
}
