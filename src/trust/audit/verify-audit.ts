/** Whether an audit log is what was written, and where it is not. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { personalHash } from './audit-entry.ts';
import { parseLine } from './audit-log.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { lineHash, logFiles, NO_HASH, readLines } from './log-files.ts';
import { GrowingTree, leafHash } from './merkle.ts';

/** Something that is not as it was written. */
export interface AuditFault {
  readonly code:
    | 'line-damaged'
    | 'chain-broken'
    | 'out-of-order'
    | 'line-cut'
    | 'checkpoint-damaged'
    | 'checkpoint-differs'
    | 'shortened'
    | 'personal-differs';
  /** Line of the log, from 0, where one can be named: the change is in this line or in the one before. */
  readonly seq?: number;
  /** Byte of the file at which that line begins. */
  readonly offset?: number;
  readonly message: string;
}

export interface AuditVerdict {
  readonly ok: boolean;
  readonly lines: number;
  /** Checkpoints whose signature and root are right, and the lines that the newest of them covers. */
  readonly checkpoints: number;
  readonly covered: number;
  /** Personal values that were erased: their hashes stay. */
  readonly erased: number;
  /** The first ones, at most 100. */
  readonly faults: readonly AuditFault[];
}

/** More say nothing new. */
const MOST_FAULTS = 100;

/**
 * Reads the whole log. Memory is bounded by the number of checkpoints and of personal records.
 * @param key either half of the key that signed it
 * @param kept checkpoints that were copied elsewhere, as texts: they show a log that was shortened together with its own
 */
export async function verifyAudit(folder: string, key: KeyObject, kept: readonly string[] = []): Promise<AuditVerdict> {
  const files = logFiles(folder);
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const faults: AuditFault[] = [];
  const report = (fault: AuditFault): void => {
    if (faults.length < MOST_FAULTS) faults.push(fault);
  };
  const checkpoints = await readCheckpoints(files.checkpoints, kept, publicKey, report);
  const bySize = new Map<number, Checkpoint[]>();
  for (const checkpoint of checkpoints)
    bySize.set(checkpoint.size, [...(bySize.get(checkpoint.size) ?? []), checkpoint]);
  const personal = await readPersonal(files.personal);

  const tree = new GrowingTree();
  let last = NO_HASH;
  let time = '';
  let right = 0;
  let covered = 0;
  let erased = 0;
  const check = (): void => {
    for (const { root } of bySize.get(tree.size) ?? []) {
      if (root === tree.root.toString('hex')) {
        right++;
        covered = tree.size;
      } else {
        report({
          code: 'checkpoint-differs',
          seq: tree.size - 1,
          message: `The checkpoint of ${tree.size} lines has another root.`,
        });
      }
    }
  };
  for await (const { bytes, offset, isWhole } of readLines(files.log)) {
    const seq = tree.size;
    if (!isWhole) {
      report({ code: 'line-cut', seq, offset, message: `Line ${seq} is not whole.` });
      break;
    }
    const line = parseLine(bytes);
    if (!line) report({ code: 'line-damaged', seq, offset, message: `Line ${seq} is no entry.` });
    else {
      if (line.prev !== last) {
        report({
          code: 'chain-broken',
          seq,
          offset,
          message: `Line ${seq} does not follow the line before it: one of both was changed, removed or moved.`,
        });
      }
      if (line.seq !== seq || line.time < time) {
        report({
          code: 'out-of-order',
          seq,
          offset,
          message: `Line ${seq} has number ${line.seq} and time ${line.time}.`,
        });
      }
      time = line.time;
      for (const [name, hash] of Object.entries(line.personal ?? {})) {
        const record = personal.get(seq);
        const value = record?.values[name];
        if (!record || value === undefined) erased++;
        else if (personalHash(record.salt, value) !== hash) {
          report({
            code: 'personal-differs',
            seq,
            offset,
            message: `The personal value ${name} of line ${seq} was changed.`,
          });
        }
      }
    }
    last = lineHash(bytes);
    tree.append(leafHash(bytes));
    check();
  }
  const longest = Math.max(0, ...bySize.keys());
  if (longest > tree.size) {
    report({
      code: 'shortened',
      seq: tree.size,
      message: `A checkpoint speaks of ${longest} lines, the log has ${tree.size}.`,
    });
  }
  return { ok: faults.length === 0, lines: tree.size, checkpoints: right, covered, erased, faults };
}

async function readCheckpoints(
  path: string,
  kept: readonly string[],
  publicKey: KeyObject,
  report: (fault: AuditFault) => void,
): Promise<Checkpoint[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const own = text.split('\n\n').filter((part) => part !== '');
  if (text !== '' && !text.endsWith('\n\n')) {
    report({ code: 'checkpoint-damaged', message: 'The last checkpoint is not whole.' });
  }
  const found: Checkpoint[] = [];
  for (const [at, part] of [...own, ...kept.map((one) => one.trimEnd())].entries()) {
    const checkpoint = openCheckpoint(`${part}\n`, publicKey);
    if (checkpoint) found.push(checkpoint);
    else
      report({
        code: 'checkpoint-damaged',
        message: `Checkpoint ${at + 1} is damaged or was signed with another key.`,
      });
  }
  return found;
}

interface Personal {
  readonly salt: string;
  readonly values: Readonly<Record<string, string>>;
}

async function readPersonal(path: string): Promise<Map<number, Personal>> {
  const records = new Map<number, Personal>();
  for await (const { bytes } of readLines(path)) {
    try {
      const { seq, salt, values } = JSON.parse(bytes.toString('utf8')) as Personal & { seq: number };
      records.set(seq, { salt, values });
    } catch {
      // A line that cannot be read counts as erased; the chain tells which values those were.
    }
  }
  return records;
}
