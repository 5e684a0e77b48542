/** Runs in a child process, so that this one stays responsive and survives whatever happens there. */
import { throwIfAborted } from '../core/abort.ts';
import type { JoinParameters, JoinResult } from './post/join-parameters.ts';
import type { PostParameters, PostResult } from './post/post-parameters.ts';
import type { PreviewResult } from './preview.ts';
import type { ProcessResult } from './process-result.ts';
import { forkRunner } from './runner-child.ts';
import { type ChildRunContext, converse } from './runner-conversation.ts';
import type { AddedModelFile, AddModelParameters } from './tasks/add-model-task.ts';
import type { TaskName, TaskRequest, TaskResult } from './tasks/registry.ts';

export type { ChildRunContext } from './runner-conversation.ts';

/**
 * `process` in a child process of its own. Only messages cross, never pixels.
 * @param options `ProcessOptions`, unparsed; must be JSON
 * @param context its callbacks are called on this side; `signal` stops the run at the next frame, and a runner that has
 *   not gone five seconds later is killed
 * @throws what `process` throws; RUNNER_FAILED where the child was killed or crashed
 */
export const runInChild = (options: unknown, context: ChildRunContext = {}): Promise<ProcessResult> =>
  doInChild({ name: 'process', options }, context);

/** `previewFrame` in a child process; see `runInChild`. */
export const previewInChild = (
  options: unknown,
  frameNumber: number,
  context: ChildRunContext = {},
): Promise<PreviewResult> => doInChild({ name: 'preview', options, frameNumber }, context);

/** `runPost` in a child process; see `runInChild`. */
export const postInChild = (parameters: PostParameters, context: ChildRunContext = {}): Promise<PostResult> =>
  doInChild({ name: 'post', ...parameters }, context);

/** `joinVideos` in a child process; see `runInChild`. */
export const joinInChild = (parameters: JoinParameters, context: ChildRunContext = {}): Promise<JoinResult> =>
  doInChild({ name: 'join', ...parameters }, context);

/** `addModel` in a child process: ONNX Runtime tries the file there. See `runInChild`. */
export const addModelInChild = (
  parameters: AddModelParameters,
  context: ChildRunContext = {},
): Promise<AddedModelFile> => doInChild({ name: 'add-model', ...parameters }, context);

/** Does a task in a runner that is started for it, and waits until that is gone. */
async function doInChild<Name extends TaskName>(
  request: TaskRequest<Name>,
  context: ChildRunContext,
): Promise<TaskResult<Name>> {
  throwIfAborted(context.signal);
  const { result, error } = await converse(forkRunner(), request as TaskRequest, context, true);
  if (error) throw error;
  return result as TaskResult<Name>;
}
