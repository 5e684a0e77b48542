/** Every output is signed last, with what it was made of. */
import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError, isAppError } from '../../core/errors.ts';
import type { Note } from '../../engine/processors/processor.ts';
import { openC2pa } from '../credentials/c2pa-library.ts';
import { embeddingType, sidecarOf } from '../credentials/credential-formats.ts';
import { type CredentialFacts, makeCredentials } from '../credentials/make-credentials.ts';
import type { PublishingRun, TrustStep } from '../trust-step.ts';
import type { RunGuard } from './run-guard.ts';

/** Credentials that lie beside an output which is not published yet. */
const SIDECARS = new WeakMap<RunGuard, string>();

export const contentCredentials: TrustStep = {
  id: 'content-credentials',
  async beforeFirstFrame({ kind, guard }) {
    if (guard.installed.policy.credentials !== 'required') return;
    if (kind === 'live') {
      throw new AppError(
        'POLICY_FORBIDS',
        'The policy asks for Content Credentials, which a live picture cannot carry.',
        {
          hint: 'Work on a photo or a video, or ask whoever keeps the policy: its key credentials.',
          details: { category: 'not-allowed', policyKey: 'credentials' },
        },
      );
    }
    const library = await openC2pa();
    if (library instanceof Error) throw notMade(library.message, library);
  },
  async beforePublish(run) {
    const { guard } = run;
    try {
      const library = await openC2pa();
      if (library instanceof Error) throw notMade(library.message, library);
      await sign(run, library);
    } catch (cause) {
      // A key that fails is the operator's to mend; a format that the library stumbles over should not cost the run.
      if (isAppError(cause) && cause.code === 'KEYS_UNUSABLE') throw cause;
      const error = isAppError(cause) ? cause : notMade((cause as Error).message, cause);
      if (guard.installed.policy.credentials === 'required') throw error;
      guard.found.credentials = 'absent';
      guard.found.notes.push({
        code: 'credentials-absent',
        message: `${error.message} The output has its invisible mark and its metadata.`,
      });
    }
  },
  async afterFailure(_error, { guard }) {
    const sidecar = SIDECARS.get(guard);
    if (sidecar !== undefined) await rm(sidecar, { force: true });
  },
};

const notMade = (why: string, cause: unknown): AppError =>
  new AppError('CREDENTIALS_FAILED', `No Content Credentials can be made: ${why.trim().replace(/\.$/, '')}.`, {
    cause,
  });

type Library = Exclude<Awaited<ReturnType<typeof openC2pa>>, Error>;

async function sign({ output, guard, processors }: PublishingRun, library: Library): Promise<void> {
  const { signer, targetPath, found } = guard;
  const facts = factsOf(guard, processors);
  if ((await stat(output.partialPath)).isDirectory()) {
    for (const name of await readdir(output.partialPath)) {
      const path = join(output.partialPath, name);
      const type = embeddingType(name);
      if (type === undefined) throw notMade(`pictures of the kind ${extname(name)} cannot carry them`, undefined);
      await signInPlace(path, (signedPath) => makeCredentials(library, { path, type, signedPath, facts, signer }));
    }
    found.credentials = 'embedded';
    return;
  }
  const path = output.partialPath;
  const type = embeddingType(output.path);
  const job = { path, type, targetPath, facts, signer };
  if (type !== undefined) {
    await signInPlace(path, (signedPath) => makeCredentials(library, { ...job, signedPath }));
    found.credentials = 'embedded';
    return;
  }
  const spare = `${path}.signed`;
  const credentials = await makeCredentials(library, { ...job, signedPath: spare }).finally(() =>
    rm(spare, { force: true }),
  );
  const sidecar = sidecarOf(output.path);
  SIDECARS.set(guard, sidecar);
  await writeFile(`${sidecar}.partial`, credentials);
  await syncFile(`${sidecar}.partial`);
  await rename(`${sidecar}.partial`, sidecar);
  found.credentials = 'sidecar';
  found.notes.push(sidecarNote(sidecar, extname(output.path)));
}

async function signInPlace(path: string, make: (signedPath: string) => Promise<unknown>): Promise<void> {
  const signedPath = `${path}.signed`;
  try {
    await make(signedPath);
    await rename(signedPath, path);
  } finally {
    await rm(signedPath, { force: true });
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function factsOf({ facts, closingFacts, found, installed }: RunGuard, processors: readonly string[]): CredentialFacts {
  return {
    version: String(facts.version),
    operator: installed.policy.operator.name,
    processors,
    job: String(facts.job),
    consents: found.consents,
    models: closingFacts().models ?? [],
    target: String(facts.target),
    sources: facts.sources as readonly string[],
  };
}

const sidecarNote = (path: string, extension: string): Note => ({
  code: 'credentials-beside',
  message: `Files ${extension} cannot carry Content Credentials: they are in ${path}.`,
  hint: 'Keep both files together.',
});
