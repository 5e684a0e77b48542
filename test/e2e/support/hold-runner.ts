/**
 * Makes a run stand still at a moment until the test has done what it wants to do then. Without it the run would be elsewhere, or
 * over, by the time that a busy machine lets the test look.
 */
import { existsSync, rmSync } from 'node:fs';

export interface HeldRunner {
  /** For the process that starts runners. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether a runner stands still now. */
  isHeld(): boolean;
  letGo(): void;
}

/**
 * The first runner that comes to the moment is held, once; a minute at most.
 * @param file that is not there yet, in a folder that goes away: it is there while the runner is held
 * @param at what the runner says last before: words of its log, or a number of frames that are done
 */
export function holdRunner(file: string, at: string | number): HeldRunner {
  return {
    env: {
      FACEFUSION_TEST_HOLD: file,
      FACEFUSION_TEST_HOLD_AT: String(at),
      NODE_OPTIONS: `--import=${new URL('hold-runner.mjs', import.meta.url)}`,
    },
    isHeld: () => existsSync(file),
    letGo: () => rmSync(file, { force: true }),
  };
}
