/** What this installation allows and has, read again only when its files have changed. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataEnvironment } from '../core/data-folder.ts';
import { defaultModelDirectory } from '../engine/inference/session.ts';
import { MANIFEST_FILE, readManifest } from '../engine/models/manifest.ts';
import { type InstallationPolicy, policyPath, readPolicy } from '../trust/policy/read-policy.ts';
import { openWordFilter, type WordFilter } from '../trust/words/word-filter.ts';

export interface InstalledRules {
  readonly installed: InstallationPolicy;
  readonly words: WordFilter;
  /** Ids and hashes of the models that this copy brings, as one text. */
  readonly models: string;
}

/** For how long files are taken to be as they were; each run reads the policy again by itself. */
const LOOK_AGAIN_MILLISECONDS = 1000;

/**
 * @returns gives the rules of now
 * @throws (what it returns) POLICY_INVALID, MODEL_NOT_FOUND, MODEL_CORRUPT
 */
export function installedRules(
  environment: DataEnvironment = process.env,
  modelDirectory: string = defaultModelDirectory(),
): () => Promise<InstalledRules> {
  let rules: Promise<InstalledRules> | undefined;
  let signature = '';
  let lookedAt = Number.NEGATIVE_INFINITY;
  let lists: readonly string[] = [];

  const read = async (): Promise<InstalledRules> => {
    const installed = await readPolicy(environment);
    const { models } = await readManifest(modelDirectory);
    lists = installed.policy.words.files;
    return {
      installed,
      words: await openWordFilter(installed.policy),
      models: models.map(({ id, sha256 }) => `${id}:${sha256}`).join(' '),
    };
  };
  const sign = (): Promise<string> =>
    signatureOf([policyPath(environment), join(modelDirectory, MANIFEST_FILE), ...lists]);

  const refresh = async (previous: Promise<InstalledRules> | undefined): Promise<InstalledRules> => {
    const before = await sign();
    if (previous && before === signature) return previous;
    const fresh = await read();
    // With the lists that it names.
    signature = await sign();
    return fresh;
  };

  return () => {
    if (rules && performance.now() - lookedAt < LOOK_AGAIN_MILLISECONDS) return rules;
    lookedAt = performance.now();
    const fresh = refresh(rules);
    rules = fresh;
    // What failed is tried again by the next who asks.
    fresh.catch(() => {
      if (rules === fresh) rules = undefined;
    });
    return fresh;
  };
}

async function signatureOf(paths: readonly string[]): Promise<string> {
  const facts = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
        () => 'none',
      ),
    ),
  );
  return facts.join('\n');
}
