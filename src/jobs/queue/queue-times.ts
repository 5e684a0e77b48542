/** The clocks of a queue. Tests set shorter ones. */
export interface QueueTimes {
  /** For how long a task stays a worker's without a sign of life. */
  readonly leaseMilliseconds: number;
  /** Between two signs of life. */
  readonly renewMilliseconds: number;
  /** Between two looks for what another process did. */
  readonly pollMilliseconds: number;
  /** Before the second try; the third waits twice as long. */
  readonly backoffMilliseconds: number;
}

/**
 * A lease of 30 s outlives a pause of the garbage collector, of a virtual machine that is moved, and two lost renewals.
 * The others follow from what the contract promises: cancelling within 2 s, new lanes within 2 s.
 */
export const QUEUE_TIMES: QueueTimes = {
  leaseMilliseconds: 30_000,
  renewMilliseconds: 10_000,
  pollMilliseconds: 1000,
  backoffMilliseconds: 2000,
};

/** For how long ends are kept. */
export const ENDS_KEPT_MILLISECONDS = 24 * 3600 * 1000;
