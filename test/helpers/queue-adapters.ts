/** The queues that exist, as the conformance suite opens them; leases are short so that it is quick. */
import { type Logger, silentLogger } from '../../src/core/logger.ts';
import type { Queue } from '../../src/jobs/queue/queue.ts';
import type { QueueTimes } from '../../src/jobs/queue/queue-times.ts';

export const QUICK_TIMES: QueueTimes = {
  leaseMilliseconds: 1200,
  renewMilliseconds: 300,
  pollMilliseconds: 200,
  backoffMilliseconds: 20,
};

export const QUEUE_KINDS = ['embedded', 'bull'] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/**
 * Opens a queue of a kind.
 * @param place path of a file, or address of a Redis, with the prefix of the keys behind a `#`
 */
export async function openQueue(kind: QueueKind, place: string, logger: Logger = silentLogger): Promise<Queue> {
  switch (kind) {
    // Only what is asked for is loaded: worker processes start sooner.
    case 'embedded': {
      const { openEmbeddedQueue } = await import('../../src/jobs/queue/embedded-queue.ts');
      return openEmbeddedQueue(place, { logger, times: QUICK_TIMES });
    }
    case 'bull': {
      const { openBullQueue } = await import('../../src/jobs/queue/bull-queue.ts');
      const [url = '', prefix = ''] = place.split('#');
      return openBullQueue({ url, prefix: `{${prefix}}`, logger, times: QUICK_TIMES });
    }
  }
}
