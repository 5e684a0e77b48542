/** The public runs: parse, check, open, work, publish. */
import { throwIfAborted } from '../core/abort.ts';
import { silentLogger } from '../core/logger.ts';
import type { ProcessorDefinition } from '../engine/processors/processor.ts';
import { PROCESSORS } from '../engine/processors/registry.ts';
import { StageClock } from '../trust/stage-clock.ts';
import { prepareRun } from './prepare-run.ts';
import { processPreparedImage } from './process-image.ts';
import type { ProcessResult } from './process-result.ts';
import { processPreparedVideo } from './process-video.ts';
import { recordRefusals } from './record-refusals.ts';
import type { RunContext } from './run-context.ts';

/** What differs between the doors to a run. */
export interface RunDoor {
  /** Refuses a target of the other kind with INPUT_UNSUPPORTED. */
  readonly onlyKind?: 'image' | 'video';
  /** The processors that exist; by default the registry's. */
  readonly registry?: readonly ProcessorDefinition[];
}

/**
 * Runs the processors over a photo or a video, told by content, and publishes the output.
 * @param options `ProcessOptions`, unparsed: whatever a caller wrote
 * @throws AppError with any code of docs/errors.md; nothing is written before the options and paths have been checked
 */
export async function process(options: unknown, context: RunContext = {}, door: RunDoor = {}): Promise<ProcessResult> {
  const clock = new StageClock();
  throwIfAborted(context.signal);
  const { latestFramePath } = context;
  const prepared = { ...(await prepareRun(options, door.registry ?? PROCESSORS, door.onlyKind)), latestFramePath };
  throwIfAborted(context.signal);
  const { target } = prepared;
  const { logger = silentLogger } = context;
  logger.debug('run begins', { kind: target.kind, processors: prepared.options.processors });
  const result = await recordRefusals(prepared, () =>
    target.kind === 'image'
      ? processPreparedImage(prepared, context, clock)
      : processPreparedVideo(prepared, target, context, clock),
  );
  logger.debug('run ended', { outcome: result.outcome, frames: result.frames, timing: result.timing });
  return result;
}

/** `process` for photos. @throws INPUT_UNSUPPORTED where the target is a video */
export const processImage = (options: unknown, context: RunContext = {}): Promise<ProcessResult> =>
  process(options, context, { onlyKind: 'image' });

/** `process` for videos. @throws INPUT_UNSUPPORTED where the target is a photo */
export const processVideo = (options: unknown, context: RunContext = {}): Promise<ProcessResult> =>
  process(options, context, { onlyKind: 'video' });
