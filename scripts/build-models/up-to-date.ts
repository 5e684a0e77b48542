/** Tells in some milliseconds whether models/ is what a build would make. Imports nothing but Node. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PATHS } from './project-paths.ts';

/**
 * Hash of everything a build depends on: the converters and recipes (which pin the sha256 of every source file) and the
 * packages' versions. Equal hashes give equal models.
 * @param packages names of the source packages, in any order
 */
export function hashInputs(packages: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of [...scriptFiles(PATHS.scripts), PATHS.manifestCode]) hash.update(readFileSync(file)).update('\0');
  for (const name of [...new Set(packages)].sort()) hash.update(`${name}@${installedVersion(name)}\0`);
  return hash.digest('hex');
}

/** The version of a devDependency, undefined where it is not installed. */
export function installedVersion(name: string): string | undefined {
  try {
    return String(JSON.parse(readFileSync(join(PATHS.packages, name, 'package.json'), 'utf8')).version);
  } catch {
    // Absent or broken: the build says so with the package's name; here it only means "not up to date".
    return undefined;
  }
}

/** Only what this check reads of a manifest. */
interface WrittenManifest {
  readonly inputsHash: string;
  readonly models: readonly {
    readonly file: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly source: { readonly package: string };
  }[];
}

export interface UpToDateOptions {
  /** Also hash every model file (about 0.2 s); otherwise their sizes must do. */
  readonly checkContents?: boolean;
}

/** True when every model is there and came from today's packages and converters. */
export function isUpToDate(directory: string = PATHS.models, options: UpToDateOptions = {}): boolean {
  try {
    const manifest: WrittenManifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
    if (manifest.inputsHash !== hashInputs(manifest.models.map((model) => model.source.package))) return false;
    return manifest.models.every(({ file, bytes, sha256 }) => {
      const path = join(directory, file);
      if (statSync(path).size !== bytes) return false;
      return !options.checkContents || createHash('sha256').update(readFileSync(path)).digest('hex') === sha256;
    });
  } catch {
    // A missing or damaged manifest or model is exactly what a build mends.
    return false;
  }
}

function scriptFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort()
    .map((file) => join(directory, file));
}
