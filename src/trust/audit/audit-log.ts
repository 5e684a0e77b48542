/**
 * The append-only record of what was decided and made: one JSON line an entry, each with the hash of the one before it,
 * all of them in a hash tree whose root is signed now and then.
 */
import { type FileHandle, mkdir, open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError, isAppError } from '../../core/errors.ts';
import { replaceDurably, syncFolder } from '../../core/files/durable-files.ts';
import { withFileLock } from '../../core/files/file-lock.ts';
import { type InstallationKeys, idOf } from '../keys/installation-keys.ts';
import { type AuditEvent, type AuditLine, auditLineSchema, commitPersonal } from './audit-entry.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { signCheckpoint } from './checkpoint.ts';
import { EMPTY_HEAD, headSchema, type LogFiles, type LogHead, lineHash, logFiles, readLines } from './log-files.ts';
import { GrowingTree, leafHash } from './merkle.ts';

/** Entries after which a checkpoint is signed without being asked for. */
const CHECKPOINT_EVERY = 256;

/** A holder needs milliseconds; one that is alive and holds longer hangs. */
export const AUDIT_LOCK = { waitSeconds: 20, what: 'writes to the audit log' } as const;

/** What a durable entry can be referred to with. */
export interface AuditReceipt {
  readonly seq: number;
  /** Of the line. */
  readonly hash: string;
  readonly time: string;
}

/** Writes entries. Several may be open at once, in one process or in many. */
export interface AuditLog {
  readonly folder: string;
  /**
   * Resolves when the entry is on the disk: what it speaks of may be published then. Entries that are asked for at the
   * same time are written together.
   * @throws OUTPUT_FAILED (disk full, no permission): nothing of the entry stays; AUDIT_BROKEN where the log has been
   *   shortened or changed at its end
   */
  append(event: AuditEvent): Promise<AuditReceipt>;
  /** Signs a checkpoint of all entries so far. @returns its text */
  checkpoint(): Promise<string>;
}

/** `FACEFUSION_AUDIT`, or `facefusion/audit` in the user's state folder (XDG). */
export function auditFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.FACEFUSION_AUDIT) return environment.FACEFUSION_AUDIT;
  const state = environment.XDG_STATE_HOME || join(environment.HOME || homedir(), '.local', 'state');
  return join(state, 'facefusion', 'audit');
}

export interface AuditLogOptions {
  readonly folder: string;
  readonly keys: Pick<InstallationKeys, 'audit'>;
  /** Default: the clock. */
  readonly now?: () => Date;
}

/** @throws OUTPUT_FAILED where the folder cannot be made */
export async function openAuditLog({ folder, keys, now = () => new Date() }: AuditLogOptions): Promise<AuditLog> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw failed(folder, cause);
  });
  return new Log(folder, keys, now);
}

interface Waiting {
  readonly event: AuditEvent;
  readonly resolve: (receipt: AuditReceipt) => void;
  readonly reject: (error: unknown) => void;
}

class Log implements AuditLog {
  readonly folder: string;
  readonly #files: LogFiles;
  readonly #keys: Pick<InstallationKeys, 'audit'>;
  readonly #now: () => Date;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(folder: string, keys: Pick<InstallationKeys, 'audit'>, now: () => Date) {
    this.folder = folder;
    this.#files = logFiles(folder);
    this.#keys = keys;
    this.#now = now;
  }

  append(event: AuditEvent): Promise<AuditReceipt> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async checkpoint(): Promise<string> {
    return withFileLock(this.#files.lock, AUDIT_LOCK, async () => this.#sign(await this.#recover()));
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const receipts = await withFileLock(this.#files.lock, AUDIT_LOCK, () =>
          this.#write(batch.map(({ event }) => event)),
        );
        for (const [at, { resolve }] of batch.entries()) resolve(receipts[at]!);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    // In the same turn as the last look at who waits.
    this.#isWriting = false;
  }

  async #write(events: readonly AuditEvent[]): Promise<AuditReceipt[]> {
    const before = await this.#recover();
    const { head, receipts } = await this.#commit(before, events);
    const crossed = Math.floor(head.size / CHECKPOINT_EVERY) > Math.floor(before.size / CHECKPOINT_EVERY);
    if (crossed) await this.#sign(head);
    return receipts;
  }

  /** Puts lines behind those that are there and makes them durable. */
  async #commit(before: LogHead, events: readonly AuditEvent[]): Promise<{ head: LogHead; receipts: AuditReceipt[] }> {
    const tree = new GrowingTree(
      before.size,
      before.peaks.map((peak) => Buffer.from(peak, 'hex')),
    );
    const receipts: AuditReceipt[] = [];
    const lines: Buffer[] = [];
    const personal: string[] = [];
    let { last, time } = before;
    for (const { kind, facts, personal: values } of events) {
      const seq = tree.size;
      const clock = this.#now().toISOString();
      const isBack = clock < time;
      if (!isBack) time = clock;
      const kept = values && commitPersonal(seq, values);
      if (kept) personal.push(`${canonicalJson(kept.record as unknown as Json)}\n`);
      const line: AuditLine = {
        ...{ seq, time, kind, facts: facts as AuditLine['facts'], prev: last },
        ...(isBack ? { clock: 'set-back' as const } : {}),
        ...(kept ? { personal: kept.hashes } : {}),
      };
      const bytes = Buffer.from(canonicalJson(line as unknown as Json));
      last = lineHash(bytes);
      tree.append(leafHash(bytes));
      lines.push(bytes, LINE_FEED);
      receipts.push({ seq, hash: last, time });
    }
    const block = Buffer.concat(lines);
    // First what the chain refers to: a hash without its value could not be told from one that was erased.
    if (personal.length > 0) await appendDurably(this.#files.personal, Buffer.from(personal.join('')));
    await appendDurably(this.#files.log, block, before.bytes);
    const head: LogHead = {
      ...{ size: tree.size, bytes: before.bytes + block.length, last, time },
      peaks: tree.peaks.map((peak) => peak.toString('hex')),
    };
    await this.#saveHead(head);
    return { head, receipts };
  }

  /**
   * Where the log ends. What an interrupted writer left is taken up: whole lines count, a line that was cut was never
   * confirmed to anybody and goes.
   */
  async #recover(): Promise<LogHead> {
    const { log } = this.#files;
    const bytes = await sizeOf(log);
    const known = await this.#readHead();
    if (known && known.bytes === bytes) return known;
    if (known && bytes < known.bytes) {
      throw broken(`${log} has ${bytes} bytes; it had ${known.bytes} when it was last written.`);
    }
    let head = known ?? EMPTY_HEAD;
    const tree = new GrowingTree(
      head.size,
      head.peaks.map((peak) => Buffer.from(peak, 'hex')),
    );
    let cut = 0;
    for await (const line of readLines(log, head.bytes)) {
      if (!line.isWhole) {
        cut = line.bytes.length;
        break;
      }
      const parsed = parseLine(line.bytes);
      if (!parsed || parsed.seq !== head.size || parsed.prev !== head.last) {
        throw broken(`${log} has been changed at byte ${line.offset}, line ${head.size}.`);
      }
      tree.append(leafHash(line.bytes));
      head = {
        ...{ size: tree.size, bytes: line.offset + line.bytes.length + 1 },
        ...{ last: lineHash(line.bytes), time: parsed.time, peaks: [] },
      };
    }
    head = { ...head, peaks: tree.peaks.map((peak) => peak.toString('hex')) };
    if (cut > 0) await truncateTo(log, head.bytes);
    if (head.size === 0) {
      const created: AuditEvent = { kind: 'log.created', facts: { origin: this.#origin } };
      return (await this.#commit(head, [created])).head;
    }
    if (cut > 0) {
      const recovered: AuditEvent = { kind: 'log.recovered', facts: { droppedBytes: cut } };
      return (await this.#commit(head, [recovered])).head;
    }
    await this.#saveHead(head);
    return head;
  }

  get #origin(): string {
    return `facefusion-audit/${idOf(this.#keys.audit)}`;
  }

  async #sign({ size, peaks }: LogHead): Promise<string> {
    const tree = new GrowingTree(
      size,
      peaks.map((peak) => Buffer.from(peak, 'hex')),
    );
    const text = signCheckpoint(
      { origin: this.#origin, size, root: tree.root.toString('hex'), time: this.#now().toISOString() },
      this.#keys.audit,
    );
    await appendDurably(this.#files.checkpoints, Buffer.from(`${text}\n`));
    return text;
  }

  async #readHead(): Promise<LogHead | undefined> {
    try {
      return headSchema.parse(JSON.parse(await readFile(this.#files.head, 'utf8')));
    } catch {
      // Missing or damaged: made anew from the log.
      return undefined;
    }
  }

  async #saveHead(head: LogHead): Promise<void> {
    const temporary = `${this.#files.head}.part`;
    await writeFile(temporary, JSON.stringify(head), { mode: 0o600 });
    await rename(temporary, this.#files.head);
  }
}

const LINE_FEED = Buffer.of(10);

/** A line, or undefined for anything else than the one spelling of a line. */
export function parseLine(bytes: Buffer): AuditLine | undefined {
  try {
    const text = bytes.toString('utf8');
    const line = auditLineSchema.parse(JSON.parse(text));
    return canonicalJson(line as unknown as Json) === text ? line : undefined;
  } catch {
    return undefined;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw failed(path, cause);
  }
}

/** Appends and flushes. What was written of a block that does not fit is taken away again. */
async function appendDurably(path: string, block: Buffer, expectedSize?: number): Promise<void> {
  let file: FileHandle | undefined;
  let before: number | undefined;
  try {
    const isNew = (await sizeOf(path)) === 0;
    file = await open(path, 'a', 0o600);
    before = (await file.stat()).size;
    if (expectedSize !== undefined && before !== expectedSize)
      throw broken(`${path} was written to by another program.`);
    await file.appendFile(block);
    await file.sync();
    if (isNew) await syncFolder(dirname(path));
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    if (file && before !== undefined) await file.truncate(before).catch(() => {});
    throw failed(path, cause);
  } finally {
    await file?.close();
  }
}

async function truncateTo(path: string, bytes: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes a file in place of another, durably. */
export async function replaceLog(path: string, bytes: string): Promise<void> {
  try {
    await replaceDurably(path, bytes);
  } catch (cause) {
    throw failed(path, cause);
  }
}

function broken(message: string): AppError {
  return new AppError('AUDIT_BROKEN', `The audit log is not as it was left: ${message}`, {
    hint: 'See where: facefusion audit verify. Restore the log from a copy, or move it away to begin another one.',
  });
}

function failed(path: string, cause: unknown): AppError {
  return new AppError('OUTPUT_FAILED', `The audit log ${path} cannot be written: ${(cause as Error).message}.`, {
    hint: 'Free some space and check the permissions of its folder. Nothing is published without its entry.',
    cause,
  });
}
