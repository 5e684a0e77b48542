import type { CommonValues } from '../session.ts';

/** The flags of `facefusion worker`, as commander hands them over. */
export interface WorkerValues extends CommonValues {
  readonly queue: string;
  readonly storage: string;
  readonly concurrency?: number;
  readonly memoryLimit?: number;
  readonly scratch?: string;
  readonly modelFolder?: string;
  readonly leaseSeconds?: number;
  readonly drainSeconds?: number;
  readonly healthHost?: string;
  readonly healthPort?: number;
  readonly qualitySamples?: number;
  readonly traces?: string;
}
