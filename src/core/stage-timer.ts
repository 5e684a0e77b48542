/** Parts of the work on a frame, as far as they are told apart. */
export type FrameStage = 'track' | 'detect' | 'mesh' | 'process' | 'hands' | 'convert' | 'warp' | 'swap' | 'blend';

/** Is told what is being done; exactly one stage goes on at any moment. */
export interface StageTimer {
  enter(stage: FrameStage): void;
}

/** For whoever is not interested. */
export const UNTIMED: StageTimer = { enter() {} };
