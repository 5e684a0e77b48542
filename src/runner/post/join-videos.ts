/** One video of several that this installation has published. */
import { userInfo } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { Note } from '../../engine/processors/processor.ts';
import { readPolicy } from '../../trust/policy/read-policy.ts';
import { joinedSource } from '../../trust/post/derive-join.ts';
import { openPostTrust } from '../../trust/post/post-trust.ts';
import { openDerivedPublisher } from '../../trust/post/publish-derived.ts';
import { openPublished, type PublishedSource } from '../../trust/post/published-source.ts';
import { openInstallation } from '../persons/installation.ts';
import { productVersion } from '../product-version.ts';
import type { RunContext } from '../run-context.ts';
import type { JoinParameters, JoinResult } from './join-parameters.ts';

/**
 * Joins videos without encoding them again. The whole has the marks of its parts, metadata, credentials and an entry in
 * the audit log.
 * @throws POLICY_FORBIDS for a part that this installation has not made; INPUT_UNSUPPORTED for parts that differ;
 *   MARK_LOST, OUTPUT_EXISTS, OUTPUT_FAILED, FFMPEG_FAILED, CREDENTIALS_FAILED, CANCELLED
 */
export async function joinVideos(parameters: JoinParameters, { signal }: RunContext = {}): Promise<JoinResult> {
  const outputPath = resolve(parameters.outputPath);
  const installed = await readPolicy();
  const { keys, audit } = await openInstallation();
  const trust = await openPostTrust({ installed, keys, audit, version: productVersion() });
  const parts: PublishedSource[] = [];
  for (const path of parameters.parts) {
    if (resolve(path) === outputPath) {
      throw new AppError('PATH_CONFLICT', `${basename(path)} cannot be a part of itself.`, {
        hint: 'Choose another name for the output.',
      });
    }
    parts.push(await openPublished(path, trust, signal));
  }
  const notes: Note[] = [];
  await using publisher = await openDerivedPublisher({
    ...{ source: joinedSource(parts), trust, outputFolder: dirname(outputPath), force: parameters.force, signal },
    operator: userInfo().username,
    onNote: (note) => void notes.push(note),
    onPlan: () => undefined,
    onStep: () => undefined,
  });
  await publisher.derive({
    ...{ kind: 'join', name: basename(outputPath), role: 'main', parts },
    work: [{ action: 'c2pa.edited', description: `Joined from ${parts.length} videos` }],
    record: { type: 'join', parts: parts.map(({ sha256 }) => sha256) },
  });
  await publisher.publish();
  return { notes };
}
