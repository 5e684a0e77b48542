import { EXIT } from '../core/errors.ts';
import { writeTo } from './terminal.ts';

/** What Ctrl-C and SIGTERM do to the run. */
export interface SignalWatch {
  /** Fires at the first signal; the run then stops at its next frame. */
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came. */
  readonly exitCode: number | undefined;
  /**
   * Runs work in another process, which ends at once when `kill` fires: at the second signal, that is waited for.
   * Without such work, the second signal ends this process.
   */
  withKill<T>(work: (kill: AbortSignal) => Promise<T>): Promise<T>;
}

/**
 * First signal: stop gently and say so. Second: end now, `src/media` and `src/runner` take their processes along. Third:
 * end now, whatever is left behind.
 */
export function watchSignals(): SignalWatch {
  const controller = new AbortController();
  const killer = new AbortController();
  let exitCode: number | undefined;
  let waits = false;
  const receive = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (exitCode !== undefined) {
      if (!waits || killer.signal.aborted) process.exit(exitCode);
      killer.abort(name);
      return;
    }
    exitCode = name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    writeTo(
      2,
      `\n${name === 'SIGINT' ? 'Stopping at the next frame. Ctrl-C again ends it now.' : 'Stopping at the next frame.'}\n`,
    );
    controller.abort(name);
  };
  process.on('SIGINT', receive);
  process.on('SIGTERM', receive);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    async withKill(work) {
      waits = true;
      try {
        return await work(killer.signal);
      } finally {
        waits = false;
      }
    },
  };
}
