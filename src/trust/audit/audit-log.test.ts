import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../core/errors.ts';
import type { AuditEvent } from './audit-entry.ts';
import { type AuditLog, openAuditLog } from './audit-log.ts';
import { openCheckpoint, publicHalf } from './checkpoint.ts';
import { logFiles } from './log-files.ts';
import { type AuditRecord, checkProof, eraseBefore, erasePersonal, proveEntry, readAudit } from './read-audit.ts';
import { verifyAudit } from './verify-audit.ts';

const audit = generateKeyPairSync('ed25519').privateKey;
const keys = { audit };
let folder: string;
let log: AuditLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
  log = await openAuditLog({ folder, keys });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const published = (job: string): AuditEvent => ({
  kind: 'output.published',
  facts: { job, scores: { nsfw: 0.01 }, options: ['a', true, null] },
  personal: { actor: `somebody ${job}` },
});
const files = () => logFiles(folder);
const linesOf = async (): Promise<string[]> => (await readFile(files().log, 'utf8')).split('\n').slice(0, -1);
async function recordsOf(): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of readAudit(folder)) records.push(record);
  return records;
}
const failureOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  );
  if (!isAppError(error)) throw error;
  return error;
};

describe('an audit log', () => {
  it('begins with its origin and gives each entry a number, a time and the hash before', async () => {
    const first = await log.append(published('a'));
    const second = await log.append({ kind: 'run.refused', facts: { code: 'X' } });
    expect([first.seq, second.seq]).toEqual([1, 2]);
    const records = await recordsOf();
    expect(records.map(({ line }) => line.kind)).toEqual(['log.created', 'output.published', 'run.refused']);
    expect(records[2]!.line.prev).toBe(first.hash);
    expect(records[1]!.personal).toEqual({ actor: 'somebody a' });
    expect(await linesOf()).not.toContain('somebody');
    expect(await verifyAudit(folder, audit)).toMatchObject({ ok: true, lines: 3, erased: 0, faults: [] });
  });

  it('takes entries of many at once, in one process and in several', async () => {
    const source = JSON.stringify(new URL('./audit-log.ts', import.meta.url).href);
    const pem = audit.export({ type: 'pkcs8', format: 'pem' });
    const program = `
      import { createPrivateKey } from 'node:crypto';
      import { openAuditLog } from ${source};
      const log = await openAuditLog({ folder: ${JSON.stringify(folder)}, keys: { audit: createPrivateKey(${JSON.stringify(pem)}) } });
      for (let i = 0; i < 15; i++) await Promise.all([1, 2].map((n) => log.append({ kind: 'run.begun', facts: { i, n } })));`;
    const run = promisify(execFile);
    const child = () => run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
    const own = Array.from({ length: 50 }, (_, at) => log.append(published(String(at))));
    await Promise.all([child(), child(), ...own]);
    expect(await verifyAudit(folder, audit)).toMatchObject({ ok: true, lines: 1 + 50 + 60 });
  });

  it('erases what is older than a moment, and says so', async () => {
    await log.append(published('old'));
    const moment = new Date();
    // The clock has to tick once.
    while (Date.now() <= moment.getTime()) await new Promise((resolve) => setImmediate(resolve));
    await log.append(published('new'));
    expect(await eraseBefore(log, new Date(Date.now() + 1 - 86_400_000), 'cron')).toBe(0);
    expect(await eraseBefore(log, new Date(moment.getTime() + 1), 'cron')).toBe(1);
    const records = await recordsOf();
    expect(records.map(({ personal }) => personal)).toEqual([{}, {}, { actor: 'somebody new' }, {}]);
    expect(records[3]!.line).toMatchObject({ kind: 'personal.erased', facts: { entries: [1], operator: 'cron' } });
    expect(await verifyAudit(folder, audit)).toMatchObject({ ok: true, erased: 1 });
  });

  it('signs a checkpoint every 256 entries and when asked', async () => {
    await Promise.all(Array.from({ length: 260 }, (_, at) => log.append({ kind: 'run.begun', facts: { at } })));
    const text = await log.checkpoint();
    expect(openCheckpoint(text, publicHalf(audit))).toMatchObject({ size: 261 });
    expect(openCheckpoint(text.replace('261', '262'), publicHalf(audit))).toBeUndefined();
    const verdict = await verifyAudit(folder, audit);
    expect(verdict).toMatchObject({ ok: true, checkpoints: 2, covered: 261 });
    const other = generateKeyPairSync('ed25519').privateKey;
    expect((await verifyAudit(folder, other)).faults.map(({ code }) => code)).toEqual([
      'checkpoint-damaged',
      'checkpoint-damaged',
    ]);
  });

  it('marks a clock that was set back, and its times never fall', async () => {
    let now = '2026-05-01T10:00:00.000Z';
    const odd = await openAuditLog({ folder, keys, now: () => new Date(now) });
    await odd.append(published('a'));
    now = '2026-04-01T10:00:00.000Z';
    await odd.append(published('b'));
    const [, a, b] = await recordsOf();
    expect([a!.line.time, a!.line.clock]).toEqual(['2026-05-01T10:00:00.000Z', undefined]);
    expect([b!.line.time, b!.line.clock]).toEqual(['2026-05-01T10:00:00.000Z', 'set-back']);
  });

  it('proves an entry to somebody who has a checkpoint only', async () => {
    for (let at = 0; at < 11; at++) await log.append(published(String(at)));
    const checkpoint = openCheckpoint(await log.checkpoint(), publicHalf(audit))!;
    await log.append(published('later'));
    for (const seq of [0, 5, 11]) {
      const proof = await proveEntry(folder, seq, checkpoint.size);
      expect(proof.root).toBe(checkpoint.root);
      expect(checkProof(proof)).toBe(true);
      expect(checkProof({ ...proof, line: proof.line.replace(/"seq":\d+/, '"seq":99') })).toBe(false);
      expect(checkProof({ ...proof, proof: proof.proof.slice(1) })).toBe(false);
    }
    expect((await failureOf(proveEntry(folder, 12, checkpoint.size))).code).toBe('OPTION_INVALID');
  });

  it('erases what says who somebody is, and stays whole', async () => {
    await log.append({ kind: 'output.published', facts: {}, personal: { actor: 'Ada', note: 'x' } });
    await log.append({ kind: 'output.published', facts: {}, personal: { actor: 'Bob' } });
    expect(await erasePersonal(log, 'actor', 'Ada', 'operator 1')).toBe(1);
    expect(await readFile(files().personal, 'utf8')).not.toContain('Ada');
    const records = await recordsOf();
    expect(records.map(({ personal }) => personal.actor)).toEqual([undefined, undefined, 'Bob', undefined]);
    expect(records[3]!.line).toMatchObject({
      kind: 'personal.erased',
      facts: { entries: [1], operator: 'operator 1' },
    });
    expect(await verifyAudit(folder, audit)).toMatchObject({ ok: true, erased: 2 });
    expect(await erasePersonal(log, 'actor', 'Ada', 'operator 1')).toBe(0);
  });
});

describe('an interrupted writer', () => {
  it('leaves whole lines that count, and a cut one that goes and is told', async () => {
    await log.append(published('a'));
    const head = await readFile(files().head);
    const { hash } = await log.append(published('b'));
    // As if the process had died before the head was written, in the middle of the next line.
    await writeFile(files().head, head);
    await appendFile(files().log, '{"facts":{"jo');
    const next = await (await openAuditLog({ folder, keys })).append(published('c'));
    const records = await recordsOf();
    expect(records.map(({ line }) => line.kind).slice(2)).toEqual([
      'output.published',
      'log.recovered',
      'output.published',
    ]);
    expect(records[3]!.line).toMatchObject({ prev: hash, facts: { droppedBytes: 13 } });
    expect(next.seq).toBe(4);
    expect((await verifyAudit(folder, audit)).ok).toBe(true);
  });

  it('leaves a lock that is taken over', async () => {
    await writeFile(files().lock, '999999999 1\n');
    expect((await log.append(published('a'))).seq).toBe(1);
  });

  it('needs no head', async () => {
    await log.append(published('a'));
    await writeFile(files().head, 'not JSON');
    expect((await log.append(published('b'))).seq).toBe(2);
    expect((await verifyAudit(folder, audit)).ok).toBe(true);
  });

  it('on a full disk keeps nothing of the entry, and goes on later', async () => {
    await log.append(published('a'));
    const { size } = await import('node:fs').then(({ statSync }) => statSync(files().log));
    const program = `
      import { createPrivateKey } from 'node:crypto';
      import { openAuditLog } from ${JSON.stringify(new URL('./audit-log.ts', import.meta.url).href)};
      const log = await openAuditLog({ folder: ${JSON.stringify(folder)}, keys: { audit: createPrivateKey(${JSON.stringify(audit.export({ type: 'pkcs8', format: 'pem' }))}) } });
      await log.append({ kind: 'run.begun', facts: { long: 'x'.repeat(5000) } }).catch(({ code }) => console.log(code));`;
    // A limit on the size of files refuses as a full disk does.
    const shell = `trap '' XFSZ; ulimit -f 2; exec "$0" --import tsx --input-type=module -e "$1"`;
    const { stdout } = await promisify(execFile)('bash', ['-c', shell, process.execPath, program]);
    expect(stdout.trim()).toBe('OUTPUT_FAILED');
    expect((await readFile(files().log)).length).toBe(size);
    expect((await log.append(published('b'))).seq).toBe(2);
    expect((await verifyAudit(folder, audit)).ok).toBe(true);
  });
});

describe('a changed log', () => {
  it('is refused at its end: shortened, or written to by another', async () => {
    await log.append(published('a'));
    await log.append(published('b'));
    const bytes = await readFile(files().log);
    await truncate(files().log, bytes.length - 10);
    expect((await failureOf(log.append(published('c')))).code).toBe('AUDIT_BROKEN');
    await writeFile(files().log, bytes);
    await appendFile(files().log, '{"seq":3}\n');
    const error = await failureOf(log.append(published('c')));
    expect(error).toMatchObject({ code: 'AUDIT_BROKEN', exitCode: 8, message: expect.stringContaining('line 3') });
  });

  it('is found where one byte differs, wherever that is', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, at) => log.append(published(String(at)))));
    await log.checkpoint();
    const bytes = await readFile(files().log);
    const starts = [0];
    for (const [at, byte] of bytes.entries()) if (byte === 10) starts.push(at + 1);
    let random = 7;
    for (let change = 0; change < 1000; change++) {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
      const at = random % bytes.length;
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 + ((random >>> 24) % 255);
      await writeFile(files().log, changed);
      const { ok, faults } = await verifyAudit(folder, audit);
      expect(ok, `byte ${at}`).toBe(false);
      // Named: the line with the byte, or the one after it, which no longer follows.
      const line = starts.findLastIndex((start) => start <= at);
      const named = Math.min(...faults.map(({ seq }) => seq ?? Number.POSITIVE_INFINITY));
      expect(named === line || named === line + 1, `byte ${at}: line ${line}, named ${named}`).toBe(true);
    }
  });

  it('is found where lines were removed, moved or taken from another log', async () => {
    for (let at = 0; at < 5; at++) await log.append(published(String(at)));
    const checkpoint = await log.checkpoint();
    const lines = await linesOf();
    const codes = async (changed: readonly string[]) => {
      await writeFile(files().log, `${changed.join('\n')}\n`);
      return (await verifyAudit(folder, audit, [checkpoint])).faults.map(({ code }) => code);
    };
    expect(await codes(lines)).toEqual([]);
    expect(await codes(lines.toSpliced(2, 1))).toContain('chain-broken');
    expect(await codes([...lines.slice(0, 2), lines[3]!, lines[2]!, ...lines.slice(4)])).toContain('chain-broken');
    expect(await codes(lines.slice(0, -1))).toContain('shortened');
    expect(await codes(['{"other":1}', ...lines])).toContain('line-damaged');
    await rm(files().checkpoints);
    expect(await codes(lines.slice(0, -1))).toEqual(['shortened']);
  });

  it('is found where a personal value was changed', async () => {
    await log.append(published('a'));
    const text = await readFile(files().personal, 'utf8');
    await writeFile(files().personal, text.replace('somebody a', 'somebody b'));
    expect((await verifyAudit(folder, audit)).faults).toMatchObject([{ code: 'personal-differs', seq: 1 }]);
  });
});
