import type { RunEngine } from './open-engine.ts';
import { allSourcePaths } from './people/source-sets.ts';
import type { PreparedRun } from './prepare-run.ts';
import { productVersion } from './product-version.ts';
import { runKey } from './run-key.ts';

/**
 * Says what is made, whoever makes it and in how many threads: see `runKey`. The invisible mark carries its beginning, so
 * that a run that goes on, another machine or a preview mark alike.
 */
export const jobKey = (
  { options, added, installed, sound }: Pick<PreparedRun, 'options' | 'added' | 'installed' | 'sound'>,
  engine: RunEngine,
): Promise<string> =>
  runKey({
    options,
    sourcePaths: allSourcePaths(options),
    files: sound ? [sound.path] : [],
    versions: {
      facefusion: productVersion(),
      models: [...engine.store.manifest.models, ...added.models].map(({ id, sha256 }) => `${id}:${sha256}`).join(' '),
      policy: installed.hash,
    },
  });
