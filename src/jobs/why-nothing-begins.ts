/** Why what waits is not begun although the queue is not paused. */
import { AppError } from '../core/errors.ts';
import { formatBytes } from '../core/format-bytes.ts';
import type { Backend } from './backend.ts';
import { listWorkers, type WorkerDocument } from './worker-document.ts';

/** No worker has room on its disk: told is the one that lacks least. */
export interface NoRoom {
  readonly code: 'disk-full';
  readonly freeBytes: number;
  readonly wantedBytes: number;
  /** Of the temporary files. For whoever runs the service: it names a place on the machine. */
  readonly folder: string | undefined;
}

/** @returns undefined where a worker can begin something, and where there is none at all. @throws STORE_FAILED */
export async function whyNothingBegins(backend: Pick<Backend, 'store'>): Promise<NoRoom | undefined> {
  return noRoomOf(await listWorkers(backend));
}

/** The same for workers that are known. */
export function noRoomOf(workers: readonly Pick<WorkerDocument, 'state' | 'scratch'>[]): NoRoom | undefined {
  const ready = workers.filter(({ state }) => state === 'ready');
  const full = ready.flatMap(({ scratch }) => {
    const { freeBytes = 0, neededBytes: wantedBytes = 0, folder } = scratch ?? {};
    return freeBytes < wantedBytes ? [{ code: 'disk-full' as const, freeBytes, wantedBytes, folder }] : [];
  });
  if (full.length === 0 || full.length < ready.length) return undefined;
  return full.reduce((best, one) => (missing(one) < missing(best) ? one : best));
}

const missing = ({ freeBytes, wantedBytes }: NoRoom): number => wantedBytes - freeBytes;

/** In words. @param showFolder whether the caller may know the folder */
export function toWords(
  { freeBytes, wantedBytes, folder }: NoRoom,
  showFolder: boolean,
): { readonly message: string; readonly hint: string } {
  const where = showFolder && folder !== undefined ? ` ${folder}` : '';
  return {
    message: `Nothing is begun: ${formatBytes(freeBytes)} are free where the service keeps its temporary files${where}, and ${formatBytes(wantedBytes)} are needed.`,
    hint: 'Free some space on that disk, or start the service with --scratch naming a folder on another one. What waits then begins by itself.',
  };
}

/** For who waits for an answer that no worker begins. */
export function noRoomError(room: NoRoom): AppError {
  const { code: waitingFor, freeBytes, wantedBytes } = room;
  const { message, hint } = toWords(room, false);
  return new AppError('OVERLOADED', message, {
    hint,
    details: { waitingFor, freeBytes, wantedBytes },
    retryable: true,
  });
}
