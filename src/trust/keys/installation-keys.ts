/** The secrets of one installation: what signs the audit log, what marks pictures, what closes the blocklist. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** Opened keys. Never logged, never sent. */
export interface InstallationKeys {
  readonly folder: string;
  /** Ed25519. */
  readonly audit: KeyObject;
  /** 32 bytes each. */
  readonly watermark: Buffer;
  readonly vault: Buffer;
  /** Eight hexadecimal digits that tell installations apart: of the hash of the audit key's public half. */
  readonly id: string;
}

const FILES = { audit: 'audit-ed25519.pem', watermark: 'watermark.key', vault: 'vault.key' } as const;
const SECRET_BYTES = 32;

/** `FACEFUSION_KEYS`, or `facefusion/keys` in the user's settings (XDG). */
export function keyFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.FACEFUSION_KEYS) return environment.FACEFUSION_KEYS;
  const settings = environment.XDG_CONFIG_HOME || join(environment.HOME || homedir(), '.config');
  return join(settings, 'facefusion', 'keys');
}

/** Whether an installation has keys already: who only reads a file should not make some. */
export async function hasInstallationKeys(folder: string = keyFolder()): Promise<boolean> {
  return (await readIfThere(join(folder, FILES.watermark))) !== undefined;
}

/**
 * Opens the keys of an installation, and makes those that are not there yet: an installation has keys from its first
 * run on.
 * @throws KEYS_UNUSABLE for keys that others may read, that are damaged or cannot be written
 */
export async function openInstallationKeys(folder: string = keyFolder()): Promise<InstallationKeys> {
  await makeFolder(folder);
  const audit = await readKey(folder, FILES.audit, makeAuditKey, (bytes) => {
    const key = createPrivateKey(bytes);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is no Ed25519 key');
    return key;
  });
  const secret = (name: string): Promise<Buffer> =>
    readKey(folder, name, () => `${randomBytes(SECRET_BYTES).toString('hex')}\n`, parseSecret);
  return {
    folder,
    audit,
    watermark: await secret(FILES.watermark),
    vault: await secret(FILES.vault),
    id: idOf(audit),
  };
}

/** The id of an installation, from either half of its audit key. */
export function idOf(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 8);
}

/** A file of the key folder, by its path; made, and never written over, where it is not there. @throws KEYS_UNUSABLE */
export async function openKeyFile(folder: string, name: string, make: () => Promise<string>): Promise<string> {
  await makeFolder(folder);
  const path = join(folder, name);
  if (!(await readIfThere(path))) await writeOnce(path, await make());
  return path;
}

/** A file that only its owner may read. @throws KEYS_UNUSABLE also where others may */
export async function readPrivateFile(path: string): Promise<Buffer> {
  const bytes = await readIfThere(path);
  if (!bytes) throw unusable(`There is no key ${path}.`, undefined);
  await checkPrivate(path);
  return bytes;
}

const makeAuditKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function parseSecret(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error('it is no line of 64 hexadecimal digits');
  return Buffer.from(text, 'hex');
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: Error) => {
    throw unusable(`The folder for keys ${folder} cannot be made: ${cause.message}.`, cause);
  });
}

async function readKey<T>(folder: string, name: string, make: () => string, parse: (bytes: Buffer) => T): Promise<T> {
  const path = join(folder, name);
  let bytes = await readIfThere(path);
  if (!bytes) {
    await writeOnce(path, make());
    // Another process may have been faster: the file that is there counts.
    bytes = (await readIfThere(path))!;
  }
  await checkPrivate(path);
  try {
    return parse(bytes);
  } catch (cause) {
    throw unusable(`The key ${path} cannot be used: ${(cause as Error).message}.`, cause);
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(`The key ${path} cannot be read: ${(cause as Error).message}.`, cause);
  }
}

/** Writes a file that appears whole or not at all, and never over another. */
async function writeOnce(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    });
  } catch (cause) {
    throw unusable(`The key ${path} cannot be written: ${(cause as Error).message}.`, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A key that others may read is no secret. Windows has no such bits. */
async function checkPrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  throw unusable(`Others may read or change the key ${path}.`, undefined, `Make it private: chmod 600 ${path}`);
}

function unusable(
  message: string,
  cause: unknown,
  hint = 'Restore the key from your backup, or move it away to get a new one.',
): AppError {
  return new AppError('KEYS_UNUSABLE', message, { hint, ...(cause === undefined ? {} : { cause }) });
}
