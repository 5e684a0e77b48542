import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src/core/errors.ts';
import { PATHS } from './project-paths.ts';
import type { SourceFile } from './recipe.ts';

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads a file of a devDependency, or its part, and checks that it is the very one that the recipe was written for.
 * @param packages the folder of installed packages
 * @returns bytes that begin their own buffer, owned by the caller
 * @throws MODEL_NOT_FOUND when the package or file is missing, MODEL_CORRUPT when the hash is another
 */
export function readSource(packageName: string, source: SourceFile, packages: string = PATHS.packages): Uint8Array {
  const path = join(packages, packageName, source.file);
  if (!existsSync(join(packages, packageName, 'package.json'))) {
    throw new AppError('MODEL_NOT_FOUND', `Expected the package ${packageName}, which is not installed.`, {
      hint: 'Run: npm ci',
    });
  }
  if (!existsSync(path)) {
    throw new AppError('MODEL_NOT_FOUND', `Expected ${source.file} in the package ${packageName}, which lacks it.`, {
      hint: 'Run: npm ci',
    });
  }
  const [start, end] = source.byteRange ?? [0];
  // Not a Buffer: its slices are views, and small ones share one allocation.
  const bytes = new Uint8Array(readFileSync(path).subarray(start, end));
  const sha256 = sha256Of(bytes);
  if (sha256 !== source.sha256) {
    const part = source.byteRange ? ` (bytes ${source.byteRange.join(' to ')})` : '';
    throw new AppError(
      'MODEL_CORRUPT',
      `Expected sha256 ${source.sha256} for ${source.file}${part} of the package ${packageName}, received ${sha256}.`,
      { hint: 'Run: npm ci. After an upgrade of the package, check the model and pin the new hash in its recipe.' },
    );
  }
  return bytes;
}
