/** The three things that a service stands on, embedded or shared. */
import type { Job } from './job.ts';
import type { Queue } from './queue/queue.ts';
import type { Storage } from './storage/storage.ts';
import type { Store } from './store/store.ts';

/** The creator disposes it. */
export interface Backend extends AsyncDisposable {
  readonly store: Store;
  readonly storage: Storage;
  readonly queue: Queue;
  /** True where other machines share them: a video is then split over workers. */
  readonly isShared: boolean;
  /** Hears of each job that this process has ended, once and after it is kept: for metrics. */
  readonly onEnded?: ((job: Job) => void) | undefined;
}
