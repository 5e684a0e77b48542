/** Memory and storage of the machine that answers, and of its workers: read anew each time. */
import { totalmem } from 'node:os';
import type { z } from 'zod';
import { folderBytes } from '../../core/files/folder-size.ts';
import { defaultModelDirectory } from '../../engine/inference/session.ts';
import { userModelFolder } from '../../engine/models/user-models.ts';
import type { Backend } from '../../jobs/backend.ts';
import type { WorkerDocument } from '../../jobs/worker-document.ts';
import { availableMemory } from '../../runner/doctor/checks.ts';
import { readGpus } from '../../runner/providers/gpu-readings.ts';
import type { resourcesAnswer } from '../contracts/operation.ts';

type Resources = z.output<typeof resourcesAnswer>;

/** A service whose media are in a bucket would have to list all of it. */
const MEDIA = { resultsBytes: 'jobs/', uploadsBytes: 'assets/' } as const;

/** @throws STORAGE_FAILED */
export async function readResources(
  { storage, isShared }: Pick<Backend, 'storage' | 'isShared'>,
  workers: readonly WorkerDocument[],
): Promise<Resources> {
  const [free, gpus, builtIn, own] = await Promise.all([
    availableMemory(),
    readGpus(),
    folderBytes(defaultModelDirectory()),
    folderBytes(userModelFolder()),
  ]);
  const scratch = workers.flatMap((worker) => worker.scratch ?? []);
  return {
    memory: { totalBytes: totalmem(), usedBytes: totalmem() - free },
    gpus: (gpus ?? []).map(({ index, name, usedBytes, totalBytes }) => ({ index, name, usedBytes, totalBytes })),
    storage: {
      ...(scratch.length === 0 ? {} : { temporary: roomOf(scratch) }),
      modelsBytes: builtIn + own,
      ...(isShared
        ? {}
        : {
            resultsBytes: await storedBytes(storage, MEDIA.resultsBytes),
            uploadsBytes: await storedBytes(storage, MEDIA.uploadsBytes),
          }),
    },
  };
}

type Scratch = NonNullable<WorkerDocument['scratch']>;

/** Of all workers. Those of one machine share what is free: the least of them is told. */
const roomOf = (scratch: readonly Scratch[]): Scratch => ({
  ...scratch.reduce((least, one) => (one.freeBytes < least.freeBytes ? one : least)),
  usedBytes: scratch.reduce((sum, { usedBytes }) => sum + usedBytes, 0),
});

async function storedBytes(storage: Pick<Backend['storage'], 'list'>, prefix: string): Promise<number> {
  let sum = 0;
  for await (const { bytes } of storage.list(prefix)) sum += bytes;
  return sum;
}
