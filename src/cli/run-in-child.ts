import type { ProcessOptions } from '../core/options.ts';
import type { ProcessResult } from '../runner/process-result.ts';
import type { Session } from './session.ts';

/** Makes one run in a process of its own, with this session's progress, messages and signals. @throws see `process` */
export async function runInChildOf(
  { signal, withKill, terminal }: Session,
  options: ProcessOptions,
): Promise<ProcessResult> {
  const { runInChild } = await import('../runner/runner-client.ts');
  const { progress: onProgress, logger } = terminal;
  return withKill((killSignal) => runInChild(options, { signal, killSignal, onProgress, logger }));
}
