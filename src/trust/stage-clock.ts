/**
 * Where the time of a run goes. Exactly one stage runs at any moment, so the stages add up to the total. Time in which
 * the decoder or encoder works beside us counts for whatever this process does meanwhile.
 */

import type { FrameStage, StageTimer } from '../core/stage-timer.ts';

/** The stages of a run, in the order in which they first come. */
export type RunStage =
  | 'check'
  | 'moderate'
  | 'mark'
  | 'models'
  | 'sources'
  | 'people'
  | 'faces'
  | 'decode'
  | FrameStage
  | 'encode'
  | 'publish';

export interface RunTiming {
  readonly totalSeconds: number;
  readonly stages: Readonly<Partial<Record<RunStage, number>>>;
  /** Frames a second of the frame loop; absent for photos. */
  readonly framesPerSecond?: number;
}

const LOOP_STAGES: readonly RunStage[] = [
  'decode',
  'track',
  'detect',
  'mesh',
  'process',
  'hands',
  'convert',
  'warp',
  'swap',
  'blend',
  'moderate',
  'mark',
  'encode',
];

/** A stopwatch that is always in one stage. */
export class StageClock implements StageTimer {
  readonly #now: () => number;
  readonly #seconds = new Map<RunStage, number>();
  #stage: RunStage = 'check';
  #since: number;

  /** @param now clock in milliseconds, injectable for tests */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** Ends the current stage and begins, or goes on with, another. */
  enter(stage: RunStage): void {
    const time = this.#now();
    this.#seconds.set(this.#stage, (this.#seconds.get(this.#stage) ?? 0) + (time - this.#since) / 1000);
    this.#stage = stage;
    this.#since = time;
  }

  /** The times up to now. @param frames frames that went through the loop, for `framesPerSecond` */
  timing(frames?: number): RunTiming {
    this.enter(this.#stage);
    const stages = Object.fromEntries(this.#seconds) as Partial<Record<RunStage, number>>;
    const sum = (names: readonly RunStage[]): number => names.reduce((total, name) => total + (stages[name] ?? 0), 0);
    const loopSeconds = sum(LOOP_STAGES);
    return {
      totalSeconds: sum([...this.#seconds.keys()]),
      stages,
      ...(frames === undefined || loopSeconds === 0 ? {} : { framesPerSecond: frames / loopSeconds }),
    };
  }
}
