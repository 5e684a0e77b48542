/** Consents on disk: sealed with the installation's key, replaced whole under a lock, so that none is lost or halved. */
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import { type DataEnvironment, dataFolder } from '../../core/data-folder.ts';
import { AppError } from '../../core/errors.ts';
import { withFileLock } from '../../core/files/file-lock.ts';
import { makeDataFolder } from '../blocklist/blocklist.ts';
import { checkEmbedding } from '../blocklist/face-list.ts';
import { readSealed, writeSealed } from '../keys/sealed-file.ts';
import { type Consent, consentSchema } from './consent-record.ts';

const PURPOSE = 'consent';
const LOCK = { waitSeconds: 20, what: 'changes the consents' } as const;
/** Clocks that are set by the network step back by less. */
const CLOCK_TOLERANCE_MILLISECONDS = 60_000;

const contentSchema = z.object({ format: z.literal(1), recogniser: z.string(), consents: z.array(consentSchema) });

/** All consents of an installation, in the order in which they were entered. */
export interface ConsentStore {
  /** Id of the model whose embeddings these are. */
  readonly recogniser: string;
  readonly consents: readonly Consent[];
}

export interface ConsentPlace {
  /** The installation's. */
  readonly vault: Buffer;
  /** Whose embeddings will be compared. */
  readonly recogniser: string;
  readonly environment?: DataEnvironment;
  /** Default: the clock. */
  readonly now?: Date;
}

export const consentsPath = (environment: DataEnvironment = process.env): string =>
  join(dataFolder(environment), 'consents.sealed');

/**
 * Opens the consents; where there is no file there are none.
 * @throws MODEL_IO_MISMATCH for those of another recogniser; KEYS_UNUSABLE where the file is not this installation's or was
 *   changed; POLICY_FORBIDS where one was entered or revoked in the future: the clock was set back, and what has ended
 *   could count again
 */
export async function readConsents({
  vault,
  recogniser,
  environment = process.env,
  now = new Date(),
}: ConsentPlace): Promise<ConsentStore> {
  const path = consentsPath(environment);
  const bytes = await readSealed(path, vault, PURPOSE);
  if (!bytes) return { recogniser, consents: [] };
  // Authenticated: only this program has written it. The schema guards against other versions.
  const content = contentSchema.safeParse(deserialize(bytes));
  if (!content.success) {
    throw new AppError('INPUT_UNREADABLE', `${path} was written by another version.`, { cause: content.error });
  }
  if (content.data.recogniser !== recogniser) {
    throw new AppError(
      'MODEL_IO_MISMATCH',
      `The consents in ${path} were entered with ${content.data.recogniser}, and ${recogniser} is in use.`,
      { hint: 'Enter them again from photos: embeddings of two models cannot be compared.' },
    );
  }
  checkClock(content.data.consents, now);
  return content.data;
}

/**
 * Changes the consents; one process at a time. What `change` throws leaves them as they were.
 * @param change gets them and returns all of them anew, with what the caller wants to know
 * @throws OUTPUT_FAILED; as `readConsents`; INTERNAL for an embedding that is no unit vector
 */
export async function changeConsents<T>(
  place: ConsentPlace,
  change: (consents: readonly Consent[]) => Promise<{ readonly consents: readonly Consent[]; readonly result: T }>,
): Promise<T> {
  const path = consentsPath(place.environment);
  await makeDataFolder(dirname(path));
  return withFileLock(`${path}.lock`, LOCK, async () => {
    const before = await readConsents(place);
    const { consents, result } = await change(before.consents);
    for (const { embeddings } of consents) for (const embedding of embeddings) checkEmbedding(embedding);
    const content = serialize({ format: 1, recogniser: place.recogniser, consents });
    await writeSealed(path, place.vault, PURPOSE, content);
    return result;
  });
}

function checkClock(consents: readonly Consent[], now: Date): void {
  const latest = consents.flatMap(({ id, enteredAt, revoked }) => [
    { id, what: 'entered', at: enteredAt },
    ...(revoked ? [{ id, what: 'revoked', at: revoked.at }] : []),
  ]);
  const future = latest.find(({ at }) => Date.parse(at) > now.getTime() + CLOCK_TOLERANCE_MILLISECONDS);
  if (!future) return;
  throw new AppError(
    'POLICY_FORBIDS',
    `The clock says ${now.toISOString()}, and consent ${future.id} was ${future.what} at ${future.at}.`,
    {
      hint: 'The clock has been set back: put it right. Consents that have ended could count again otherwise.',
      details: { category: 'no-consent', policyKey: 'consent' },
    },
  );
}
