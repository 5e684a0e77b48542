/** Takes in a file that lies at an address. */
import { AppError } from '../../core/errors.ts';
import type { Outgoing } from '../../jobs/outgoing/safe-request.ts';
import type { Caller } from '../auth/caller.ts';
import type { Assets, KeptAsset } from './assets.ts';
import { cleanFileName } from './clean-file-name.ts';
import { openIncoming, readFacts } from './incoming-file.ts';

/** Milliseconds: the caller waits for it. Larger files are uploaded. */
const IMPORT_MS = 10 * 60_000;

export interface ImportRequest {
  readonly url: string;
  readonly fileName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @throws ADDRESS_FORBIDDEN where the service may not connect to it, REMOTE_FAILED, INPUT_TOO_LARGE, and what
 *   `Assets.keep` throws
 */
export async function importAsset(
  assets: Assets,
  outgoing: Outgoing,
  caller: Caller,
  { url, fileName, signal }: ImportRequest,
): Promise<KeptAsset> {
  if (assets.limits.importHosts.length === 0) {
    throw new AppError('ADDRESS_FORBIDDEN', 'This service does not import from addresses.', {
      hint: 'Upload the file, or let whoever runs the service name hosts in uploads.importHosts.',
    });
  }
  const name = cleanFileName(fileName ?? nameOf(url));
  await using incoming = await openIncoming(assets.folder, name);
  const { maxBytes } = assets.limits;
  await outgoing.download(url, incoming.path, { maxBytes, milliseconds: IMPORT_MS, signal });
  return assets.keep(caller, await readFacts(incoming.path, signal), name, signal);
}

function nameOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    // Not every address has its letters encoded as it should.
    return last;
  }
}
