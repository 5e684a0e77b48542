import { EXIT } from '../core/errors.ts';
import { writeTo } from './terminal.ts';

/** What the first Ctrl-C or SIGTERM does to the run. */
export interface SignalWatch {
  /** Fires at the first signal; the run then stops at its next frame. */
  readonly signal: AbortSignal;
  /** 130 or 143 once a signal came. */
  readonly exitCode: number | undefined;
}

/** First signal: stop gently and say so. Second: end now; `src/media` takes ffmpeg along when the process exits. */
export function watchSignals(): SignalWatch {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const receive = (name: 'SIGINT' | 'SIGTERM'): void => {
    if (exitCode !== undefined) {
      process.exit(exitCode);
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
  };
}
