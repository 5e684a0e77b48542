import type { ProcessOptions } from '../core/options.ts';
import type { PostParameters, PostResult } from '../runner/post/post-parameters.ts';
import type { PreviewResult } from '../runner/preview.ts';
import type { ProcessResult } from '../runner/process-result.ts';
import type { ChildRunContext } from '../runner/runner-client.ts';
import type { Session } from './session.ts';

/** Makes one run in a process of its own, with this session's progress, messages and signals. @throws see `process` */
export async function runInChildOf(session: Session, options: ProcessOptions): Promise<ProcessResult> {
  const { runInChild } = await import('../runner/runner-client.ts');
  return session.withKill((kill) => runInChild(options, contextOf(session, kill)));
}

/** The same for one frame. @throws see `previewFrame` */
export async function previewInChildOf(
  session: Session,
  options: ProcessOptions,
  frameNumber: number,
): Promise<PreviewResult> {
  const { previewInChild } = await import('../runner/runner-client.ts');
  return session.withKill((kill) => previewInChild(options, frameNumber, contextOf(session, kill)));
}

/** Post-processing. @throws see `runPost` */
export async function postInChildOf(session: Session, parameters: PostParameters): Promise<PostResult> {
  const { postInChild } = await import('../runner/runner-client.ts');
  return session.withKill((kill) => postInChild(parameters, contextOf(session, kill)));
}

const contextOf = ({ signal, terminal }: Session, killSignal: AbortSignal): ChildRunContext => ({
  signal,
  killSignal,
  onProgress: terminal.progress,
  logger: terminal.logger,
});
