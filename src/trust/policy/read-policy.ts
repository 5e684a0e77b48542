/** The policy of this installation: where it is, who may write it, what it says. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type DataEnvironment, dataFolder } from '../../core/data-folder.ts';
import { AppError } from '../../core/errors.ts';
import { canonicalJson, type Json } from '../audit/canonical-json.ts';
import { parsePolicy } from './parse-policy.ts';
import { POLICY_KEYS } from './policy-keys.ts';
import type { PolicyProblem } from './policy-problems.ts';
import { type Policy, policySchema } from './policy-schema.ts';

/** A policy and what is to be recorded of it. */
export interface InstallationPolicy {
  /** Frozen all the way down. Paths are absolute. */
  readonly policy: Policy;
  /** For every key `default`, or the file and line that set it: `/etc/policy.yaml:12`. */
  readonly origin: Readonly<Record<string, string>>;
  /** Sha256, hexadecimal, of all values, defaults included and paths as they are written: the same wherever the file is. */
  readonly hash: string;
  /** Undefined where no file was found and all values are defaults. */
  readonly file: string | undefined;
}

/** Far more than all keys take. */
const LARGEST_BYTES = 1 << 18;

/** Where the policy is read: `FACEFUSION_POLICY`, else `policy.yaml` in the data folder. */
export function policyPath(environment: DataEnvironment = process.env): string {
  const { FACEFUSION_POLICY: named } = environment;
  return named ? resolve(named) : join(dataFolder(environment), 'policy.yaml');
}

/**
 * Reads the policy that every run goes by. Without a file at the default place all values are defaults; a file that
 * `FACEFUSION_POLICY` names must be there.
 * @throws POLICY_INVALID with every mistake in `details.problems`; also for a file that others may write, and where a
 *   file that it names is not there
 */
export async function readPolicy(environment: DataEnvironment = process.env): Promise<InstallationPolicy> {
  const path = policyPath(environment);
  const text = await readText(path);
  if (text === undefined) {
    if (environment.FACEFUSION_POLICY) throw invalid(`FACEFUSION_POLICY names ${path}, which is not there.`);
    return withHash(policySchema.parse({}), new Map(), undefined);
  }
  return readPolicyText(path, text);
}

/**
 * Reads a policy from any place, as `readPolicy` would if it were the installation's.
 * @throws POLICY_INVALID
 */
export async function readPolicyFile(path: string): Promise<InstallationPolicy> {
  const text = await readText(path);
  if (text === undefined) throw new AppError('INPUT_NOT_FOUND', `There is no file ${path}.`);
  return readPolicyText(resolve(path), text);
}

async function readPolicyText(path: string, text: string): Promise<InstallationPolicy> {
  const { policy, lines, problems } = parsePolicy(text);
  if (!policy) throw invalidAt(path, problems);
  const read = withHash(policy, lines, path);
  const missing = await missingFiles(read.policy, lines);
  if (missing.length > 0) throw invalidAt(path, missing);
  return read;
}

function withHash(written: Policy, lines: ReadonlyMap<string, number>, file: string | undefined): InstallationPolicy {
  const { words, blocklist, signing, ...rest } = written;
  const at = (path: string): string => (file === undefined ? path : resolve(dirname(file), path));
  const absolute = Object.fromEntries(
    (['certificates', 'key', 'module'] as const).flatMap((name) => {
      const path = signing[name];
      return path === undefined ? [] : [[name, at(path)]];
    }),
  );
  const policy: Policy = {
    ...rest,
    words: { ...words, files: words.files.map(at) },
    blocklist: { ...blocklist, files: blocklist.files.map(at) },
    signing: { ...signing, ...absolute },
  };
  const origin = POLICY_KEYS.map(({ key }) => {
    const line = lines.get(key);
    return [key, line === undefined ? 'default' : `${file}:${line}`];
  });
  return {
    policy: deepFreeze(policy),
    origin: Object.freeze(Object.fromEntries(origin)),
    // Through JSON, which leaves out what is not set.
    hash: createHash('sha256')
      .update(canonicalJson(JSON.parse(JSON.stringify(written)) as Json))
      .digest('hex'),
    file,
  };
}

/** Lists and keys that a policy names and that are not there: a run would go on without them. */
async function missingFiles(policy: Policy, lines: ReadonlyMap<string, number>): Promise<PolicyProblem[]> {
  const { signing } = policy;
  const named: [string, string][] = [
    ...policy.words.files.map((path): [string, string] => ['words.files', path]),
    ...policy.blocklist.files.map((path): [string, string] => ['blocklist.files', path]),
    ...(['certificates', 'key', 'module'] as const).flatMap((name): [string, string][] =>
      signing[name] === undefined ? [] : [[`signing.${name}`, signing[name]]],
    ),
  ];
  const problems: PolicyProblem[] = [];
  for (const [key, path] of named) {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) problems.push({ line: lines.get(key) ?? 1, message: `There is no file ${path}, which ${key} names.` });
  }
  return problems;
}

/** Opens once and looks at what was opened, so that nobody can put another file in its place in between. */
async function readText(path: string): Promise<string | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const found = await file.stat();
    if (!found.isFile()) throw invalid(`Expected a file at ${path}.`);
    if (found.size > LARGEST_BYTES) throw invalid(`Expected a policy of at most ${LARGEST_BYTES} bytes at ${path}.`);
    checkWriters(path, found.mode, found.uid);
    checkFolder(path, await stat(dirname(resolve(path))));
    const text = await file.readFile();
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid(`The policy ${path} cannot be read: ${(cause as Error).message}.`, undefined, cause);
  } finally {
    await file?.close();
  }
}

/** A policy that others may write is no rule. Windows has no such bits. */
function checkWriters(path: string, mode: number, uid: number): void {
  if (process.platform === 'win32') return;
  if ((mode & 0o022) !== 0) throw invalid(`Others may write the policy ${path}.`, `Run: chmod go-w ${path}`);
  if (uid !== 0 && uid !== process.getuid?.()) {
    throw invalid(`The policy ${path} belongs to another user.`, 'It must belong to you or to root.');
  }
}

/** Whoever may write to a folder can put another file there, unless it is sticky. */
function checkFolder(path: string, { mode }: { readonly mode: number }): void {
  if (process.platform === 'win32' || (mode & 0o002) === 0 || (mode & 0o1000) !== 0) return;
  throw invalid(`Everybody may write to the folder of the policy ${path}.`, `Run: chmod o-w ${dirname(resolve(path))}`);
}

function invalidAt(path: string, problems: readonly PolicyProblem[]): AppError {
  const first = problems[0]!;
  const more = problems.length === 1 ? '' : ` ${problems.length - 1} more: facefusion policy check ${path}`;
  return new AppError('POLICY_INVALID', `${path}:${first.line}: ${first.message}`, {
    hint: `${first.hint ?? 'No run begins until the policy is right.'}${more}`,
    details: { path, problems },
  });
}

const invalid = (message: string, hint = 'No run begins until the policy is right.', cause?: unknown): AppError =>
  new AppError('POLICY_INVALID', message, { hint, ...(cause === undefined ? {} : { cause }) });

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inside of Object.values(value)) deepFreeze(inside);
  return Object.freeze(value);
}
