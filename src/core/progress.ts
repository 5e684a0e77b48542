/** One step of a run as the user sees it. `done` never falls within a stage; `total` is absent while unknown. */
export interface ProgressEvent {
  readonly type: 'progress';
  /** `download` counts bytes. */
  readonly stage: 'prepare' | 'people' | 'analyse' | 'process' | 'finish' | 'download';
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
 * @param alreadyDone frames that an earlier run had done: they say nothing about the speed of this one
 * @param now clock in milliseconds, injectable for tests
 */
export function createProgressMeter(
  stage: ProgressEvent['stage'],
  total: number | undefined,
  onProgress: OnProgress | undefined,
  alreadyDone = 0,
  now: () => number = () => performance.now(),
): { step(done: number): void } {
  const start = now();
  let lastReport = Number.NEGATIVE_INFINITY;
  let highest = alreadyDone;
  return {
    step(done) {
      highest = Math.max(highest, done);
      const time = now();
      if (!onProgress || (time - lastReport < 100 && highest !== total)) return;
      lastReport = time;
      const seconds = (time - start) / 1000;
      const steps = highest - alreadyDone;
      const fps = seconds > 0.2 && steps > 1 ? steps / seconds : undefined;
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
