/** Post-processing of a published output: more files of it, or another one in its place. */
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { throwIfAborted } from '../../core/abort.ts';
import { withDetails } from '../../core/errors.ts';
import { type PostStep, parsePostSteps } from '../../core/post-steps/post-steps.ts';
import { createProgressMeter } from '../../core/progress.ts';
import type { Note } from '../../engine/processors/processor.ts';
import { sidecarOf } from '../../trust/credentials/credential-formats.ts';
import { hashOutput } from '../../trust/guard/audit-record.ts';
import { isRefusal } from '../../trust/guard/refusals.ts';
import { readPolicy } from '../../trust/policy/read-policy.ts';
import { framesOf } from '../../trust/post/derive-video.ts';
import { contentTypeOf, type DerivedOutput } from '../../trust/post/derived-output.ts';
import { openPostTrust, type PostTrust } from '../../trust/post/post-trust.ts';
import { openDerivedPublisher } from '../../trust/post/publish-derived.ts';
import { openPublished, type PublishedSource } from '../../trust/post/published-source.ts';
import { openInstallation } from '../persons/installation.ts';
import { productVersion } from '../product-version.ts';
import type { RunContext } from '../run-context.ts';
import { commonParts } from './common-parts.ts';
import { planPost } from './plan-post.ts';
import {
  type ParsedParameters,
  type PostParameters,
  type PostResult,
  postParametersSchema,
} from './post-parameters.ts';

/**
 * Runs the steps on a published output. Without steps the result is the output itself, with its credentials where they
 * lie beside it. Everything is made before anything gets its name: a step that fails leaves no file behind.
 * @param parameters the output stays as it is, whatever takes its place in the result
 * @throws OPTION_INVALID with the path of what is wrong, as in `post[0].height`; POLICY_FORBIDS for a file that this
 *   installation has not made, and for a clean-up that is not allowed; MARK_LOST; OUTPUT_EXISTS, OUTPUT_FAILED,
 *   PATH_CONFLICT, ENCODER_UNAVAILABLE, FFMPEG_FAILED, CREDENTIALS_FAILED, CANCELLED
 */
export async function runPost(parameters: PostParameters, context: RunContext = {}): Promise<PostResult> {
  const parsed = postParametersSchema.parse(parameters);
  const { signal } = context;
  throwIfAborted(signal);
  // Before anything is opened.
  parsePostSteps(parsed.steps);
  const installed = await readPolicy();
  const { keys, audit } = await openInstallation();
  const trust = await openPostTrust({ installed, keys, audit, version: productVersion() });
  try {
    const source = await openPublished(parsed.mainPath, trust, signal);
    const steps = parsePostSteps(parsed.steps, source.kind);
    return await runSteps(steps, source, trust, parsed, context);
  } catch (error) {
    if (isRefusal(error)) {
      const types = parsed.steps.map((step) => String((step as { readonly type?: unknown }).type));
      const { seq: auditEntry } = await audit.append({
        kind: 'run.refused',
        facts: { code: error.code, policy: installed.hash, processors: [], post: types },
        personal: { target: basename(parsed.mainPath) },
      });
      throw withDetails(error, { auditEntry });
    }
    throw error;
  }
}

async function runSteps(
  steps: readonly PostStep[],
  source: PublishedSource,
  trust: PostTrust,
  { outputFolder, force, targetPath }: ParsedParameters,
  { signal, onProgress }: RunContext,
): Promise<PostResult> {
  const notes: Note[] = [];
  const onNote = (note: Note): void => void notes.push(note);
  const common = await commonParts(steps, source, { targetPath, onNote, signal });
  const requests = planPost(steps, source, common);
  const progress = countFrames(onProgress);
  for (const request of requests) progress.plan(framesOf(request, source));
  await using publisher = await openDerivedPublisher({
    ...{ source, trust, outputFolder, force, signal },
    renewsMark: common.regions.length > 0,
    operator: userInfo().username,
    onNote,
    onPlan: progress.plan,
    onStep: progress.step,
  });
  for (const request of requests) await publisher.derive(request);
  const made = await publisher.publish();
  const outputs = made.some(({ role }) => role === 'main') ? made : [...(await unchanged(source)), ...made];
  return { outputs, notes };
}

/** The output itself, where nothing takes its place. */
async function unchanged(source: PublishedSource): Promise<DerivedOutput[]> {
  const { path, sha256, bytes, width, height, info } = source;
  const name = basename(path);
  const main: DerivedOutput = {
    ...{ name, role: 'main', path, contentType: contentTypeOf(name), bytes, sha256, width, height },
    ...(info ? { durationSeconds: info.durationSeconds } : {}),
  };
  const sidecar = sidecarOf(path);
  if (!(await stat(sidecar).catch(() => undefined))?.isFile()) return [main];
  const beside = sidecarOf(name);
  return [
    main,
    {
      name: beside,
      role: 'credentials',
      path: sidecar,
      contentType: contentTypeOf(beside),
      ...(await hashOutput(sidecar)),
    },
  ];
}

/** Frames over all files: files that have to be made again add theirs. */
function countFrames(onProgress: RunContext['onProgress']): { plan(frames: number): void; step(): void } {
  let total = 0;
  let done = 0;
  // Its total is fixed when it is made; ours grows.
  const meter = createProgressMeter('process', undefined, (event) => onProgress?.({ ...event, total }));
  return {
    plan: (frames) => {
      total += frames;
    },
    step: () => {
      done = Math.min(done + 1, total);
      meter.step(done);
    },
  };
}
