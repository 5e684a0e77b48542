/** One step of a run as the user sees it. `done` never falls within a stage; `total` is absent while unknown. */
export interface ProgressEvent {
  readonly type: 'progress';
  readonly stage: 'prepare' | 'analyse' | 'process' | 'finish';
  readonly done: number;
  readonly total?: number;
  /** Frames a second over the last seconds, absent for photos. */
  readonly fps?: number;
  /** Estimated seconds to the end of the stage. */
  readonly etaSeconds?: number;
}

export type OnProgress = (event: ProgressEvent) => void;

/**
 * Counts frames of one stage and reports at most ten times a second, and always on the last frame.
 * @param now clock in milliseconds, injectable for tests
 */
export function createProgressMeter(
  stage: ProgressEvent['stage'],
  total: number | undefined,
  onProgress: OnProgress | undefined,
  now: () => number = () => performance.now(),
): { step(done: number): void } {
  const start = now();
  let lastReport = Number.NEGATIVE_INFINITY;
  let highest = 0;
  return {
    step(done) {
      highest = Math.max(highest, done);
      const time = now();
      if (!onProgress || (time - lastReport < 100 && highest !== total)) return;
      lastReport = time;
      const seconds = (time - start) / 1000;
      const fps = seconds > 0.2 && highest > 1 ? highest / seconds : undefined;
      onProgress({
        type: 'progress',
        stage,
        done: highest,
        ...(total === undefined ? {} : { total }),
        ...(fps === undefined ? {} : { fps }),
        ...(fps === undefined || total === undefined ? {} : { etaSeconds: Math.max(0, total - highest) / fps }),
      });
    },
  };
}
