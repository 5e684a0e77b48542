import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSource } from '../../scripts/build-models/read-source.ts';
import { type AppError, isAppError } from '../../src/core/errors.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const content = Uint8Array.of(1, 2, 3, 4, 5);
let packages: string;

beforeAll(() => {
  packages = mkdtempSync(join(tmpdir(), 'facefusion-packages-'));
  mkdirSync(join(packages, '@scope/net'), { recursive: true });
  writeFileSync(join(packages, '@scope/net/package.json'), '{"version":"1.0.0"}');
  writeFileSync(join(packages, '@scope/net/net.bin'), content);
});

afterAll(() => {
  rmSync(packages, { recursive: true });
});

function failureOf(call: () => unknown): AppError {
  try {
    call();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

describe('readSource', () => {
  it('gives a file whose hash is the pinned one', () => {
    expect(readSource('@scope/net', { file: 'net.bin', sha256: sha256(content) }, packages)).toEqual(content);
  });

  it('gives a part, in a buffer of its own', () => {
    const part = Uint8Array.of(2, 3);
    const bytes = readSource('@scope/net', { file: 'net.bin', byteRange: [1, 3], sha256: sha256(part) }, packages);
    expect(bytes).toEqual(part);
    expect(bytes.buffer.byteLength).toBe(2);
  });

  it('names the package that is not installed', () => {
    const error = failureOf(() => readSource('absent', { file: 'net.bin', sha256: sha256(content) }, packages));
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', hint: 'Run: npm ci' });
    expect(error.message).toContain('absent');
  });

  it('names the package and the file that it lacks', () => {
    const error = failureOf(() => readSource('@scope/net', { file: 'other.bin', sha256: sha256(content) }, packages));
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(error.message).toMatch(/other\.bin.*@scope\/net/);
  });

  it('names the package and both hashes where the content is another', () => {
    const pinned = 'a'.repeat(64);
    const error = failureOf(() => readSource('@scope/net', { file: 'net.bin', sha256: pinned }, packages));
    expect(error).toMatchObject({ code: 'MODEL_CORRUPT' });
    for (const text of ['@scope/net', 'net.bin', pinned, sha256(content)]) expect(error.message).toContain(text);
  });
});
