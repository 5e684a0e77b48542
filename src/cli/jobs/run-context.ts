import type { LocalRunContext } from '../../jobs/local/run-local-job.ts';
import type { Session } from '../session.ts';

/** A job's run with this session's progress, messages and signals. */
export const runContext = ({ signal, terminal }: Session, killSignal: AbortSignal): LocalRunContext => ({
  signal,
  killSignal,
  onProgress: (event) => terminal.progress(event),
  logger: terminal.logger,
});
