/** Files that only this installation can read: encrypted and authenticated with one of its keys. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AppError } from '../../core/errors.ts';
import { replaceDurably } from '../../core/files/durable-files.ts';

const MAGIC = Buffer.from('FFSEALED1', 'latin1');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts with AES-256-GCM and replaces the file durably.
 * @param vault   32 bytes, the installation's
 * @param purpose what the file is: a file cannot stand in for one of another purpose
 * @throws OUTPUT_FAILED; the file is then as it was
 */
export async function writeSealed(path: string, vault: Buffer, purpose: string, content: Buffer): Promise<void> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(vault, purpose), nonce);
  cipher.setAAD(MAGIC);
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  try {
    await replaceDurably(path, Buffer.concat([MAGIC, nonce, cipher.getAuthTag(), sealed]));
  } catch (cause) {
    throw new AppError('OUTPUT_FAILED', `${path} cannot be written: ${(cause as Error).message}.`, {
      hint: 'Free some space and check the permissions of its folder.',
      cause,
    });
  }
}

/**
 * @returns undefined where there is no such file
 * @throws KEYS_UNUSABLE where the file was written with another key, or changed
 */
export async function readSealed(path: string, vault: Buffer, purpose: string): Promise<Buffer | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AppError('INPUT_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
  const start = MAGIC.length + NONCE_BYTES + TAG_BYTES;
  try {
    if (bytes.length < start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is no such file');
    const nonce = bytes.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', keyFor(vault, purpose), nonce);
    decipher.setAAD(MAGIC);
    decipher.setAuthTag(bytes.subarray(MAGIC.length + NONCE_BYTES, start));
    return Buffer.concat([decipher.update(bytes.subarray(start)), decipher.final()]);
  } catch (cause) {
    throw new AppError('KEYS_UNUSABLE', `${path} cannot be opened with the keys of this installation.`, {
      hint: 'It belongs to another installation, or it was changed. Restore it, or export the list there and import it here.',
      cause,
    });
  }
}

const keyFor = (vault: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', vault, Buffer.alloc(0), `facefusion ${purpose}`, 32));
