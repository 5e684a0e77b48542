/** A clean-up takes away what somebody put into a picture: only where that was no sign that a machine made it. */
import { AppError } from '../../core/errors.ts';
import { sniffMedia } from '../../media/sniff.ts';
import { findLabelPlace } from '../../trust/post/label-places.ts';
import type { PublishedSource } from '../../trust/post/published-source.ts';
import { saysTrained } from '../../trust/provenance.ts';
import { type FileVerdict, verifyFile } from '../verify-file.ts';

/**
 * Looks for marks and labels of synthetic media in the target of the run.
 * @throws POLICY_FORBIDS where there is one, where the target is another file than the run had, and where the audit log
 *   does not say which it was; OPTION_MISSING without a target; and what reading it throws
 */
export async function checkCleanup(
  source: PublishedSource,
  targetPath: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (targetPath === undefined) {
    throw new AppError(
      'OPTION_MISSING',
      'A clean-up needs the target of the run: it is looked at for marks of others.',
      {
        hint: 'facefusion post out.mp4 --target clip.mp4 …',
      },
    );
  }
  const { target } = source.facts;
  if (typeof target !== 'string') throw forbidden('The audit log does not say what the output was made from.');
  const verdict = await verifyFile(targetPath, { signal });
  if (verdict.sha256 !== target) throw forbidden('The target is not the file that the output was made from.');
  const found = await signsIn(verdict, targetPath, signal);
  if (found.length === 0) return;
  throw forbidden(`The target is marked as synthetic media: ${found.join(', ')}.`, { found });
}

const forbidden = (message: string, details?: Readonly<Record<string, unknown>>): AppError =>
  new AppError('POLICY_FORBIDS', message, {
    hint: 'A clean-up is for your own or licensed material without such marks; they may not be taken away.',
    ...(details ? { details } : {}),
  });

async function signsIn(verdict: FileVerdict, path: string, signal: AbortSignal | undefined): Promise<string[]> {
  const { mark, credentials, aigc, saysAltered } = verdict;
  const { kind } = await sniffMedia(path);
  const isLabelled = kind === 'image' || kind === 'video' ? await findLabelPlace(path, kind, signal) : undefined;
  const isFromModel = (credentials.digitalSourceTypes ?? []).some((type) => /algorithmicMedia/i.test(type));
  return [
    ...(mark ? ['an invisible mark'] : []),
    ...(isLabelled ? ['a visible label'] : []),
    ...(isFromModel ? ['Content Credentials'] : []),
    ...(aigc ? ['the label AIGC'] : []),
    ...(saysAltered || (await saysTrained(path)) ? ['its metadata'] : []),
  ];
}
