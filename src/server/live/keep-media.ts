/** Files of a live session become assets of who opened it. */
import { basename } from 'node:path';
import { toAppError } from '../../core/errors.ts';
import type { KeptMedia } from '../../jobs/live/live-service.ts';
import type { Assets } from '../assets/assets.ts';
import { readFacts } from '../assets/incoming-file.ts';
import type { Caller } from '../auth/caller.ts';
import type { LiveMessage } from '../contracts/live.ts';
import { toProblem } from '../problem.ts';
import { toAssetAnswer } from '../routes/asset-answer.ts';

/** Takes a file over. @returns what to tell the caller; never rejects */
export async function keepMedia(
  { what, path, auditEntry, credentials }: KeptMedia,
  { assets, caller, requestId }: { readonly assets: Assets; readonly caller: Caller; readonly requestId: string },
): Promise<LiveMessage> {
  try {
    const { asset } = await assets.keep(caller, await readFacts(path), basename(path));
    return {
      ...{ type: 'kept', what, asset: toAssetAnswer(asset), credentials },
      ...(auditEntry === undefined ? {} : { auditEntry }),
    };
  } catch (error) {
    return { type: 'not-kept', what, problem: toProblem(toAppError(error), requestId) };
  }
}
