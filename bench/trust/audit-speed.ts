/** The audit log: how fast it is durable, how fast it is verified, and whether a changed byte is found. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditLog } from '../../src/trust/audit/audit-log.ts';
import { logFiles } from '../../src/trust/audit/log-files.ts';
import { verifyAudit } from '../../src/trust/audit/verify-audit.ts';

/** Callers that each wait for their entry to be durable before the next. */
const CALLERS = 64;
/** Entries that are asked for at once where only many are wanted. */
const BATCH = 5000;
const CHANGES = 1000;
const SMALL_LOG = 200;

export interface AuditReport {
  /** Entries a second, each durable before its caller goes on. */
  readonly durable: {
    readonly callers: number;
    readonly entriesPerSecond: number;
    readonly alone: number;
    readonly wanted: number;
  };
  readonly verify: {
    readonly entries: number;
    readonly seconds: number;
    readonly wantedSecondsOfMillion: number;
    readonly ok: boolean;
  };
  readonly changes: { readonly made: number; readonly found: number };
}

export async function measureAudit(entries: number, say: (text: string) => void): Promise<AuditReport> {
  const audit = generateKeyPairSync('ed25519').privateKey;
  const folder = await mkdtemp(join(tmpdir(), 'facefusion-bench-'));
  const event = (at: number) =>
    ({ kind: 'output.published', facts: { at, job: 'c11b0001', output: 'f'.repeat(64) }, personal: {} }) as const;
  try {
    const log = await openAuditLog({ folder, keys: { audit } });
    const rate = async (callers: number, each: number): Promise<number> => {
      const began = performance.now();
      await Promise.all(
        Array.from({ length: callers }, async () => {
          for (let at = 0; at < each; at++) await log.append(event(at));
        }),
      );
      return Math.round((callers * each * 1000) / (performance.now() - began));
    };
    const alone = await rate(1, 200);
    const many = await rate(CALLERS, 50);
    say(`${many} entries a second with ${CALLERS} callers, ${alone} with one`);
    let count = 1 + 200 + CALLERS * 50;
    while (count < entries) {
      const batch = Math.min(BATCH, entries - count);
      await Promise.all(Array.from({ length: batch }, (_, at) => log.append(event(at))));
      count += batch;
      if (count % 100_000 < BATCH) say(`${count} entries`);
    }
    await log.checkpoint();
    const began = performance.now();
    const verdict = await verifyAudit(folder, audit);
    const seconds = Number(((performance.now() - began) / 1000).toFixed(1));
    const isWhole = verdict.ok && verdict.lines === count;
    return {
      durable: { callers: CALLERS, entriesPerSecond: many, alone, wanted: 1000 },
      verify: { entries: count, seconds, wantedSecondsOfMillion: 60, ok: isWhole && (seconds * 1e6) / count < 60 },
      changes: await changeBytes(say),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function changeBytes(say: (text: string) => void): Promise<AuditReport['changes']> {
  const audit = generateKeyPairSync('ed25519').privateKey;
  const folder = await mkdtemp(join(tmpdir(), 'facefusion-bench-'));
  try {
    const log = await openAuditLog({ folder, keys: { audit } });
    await Promise.all(Array.from({ length: SMALL_LOG }, (_, at) => log.append({ kind: 'run.begun', facts: { at } })));
    await log.checkpoint();
    const path = logFiles(folder).log;
    const bytes = await readFile(path);
    let state = 11;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let found = 0;
    for (let change = 0; change < CHANGES; change++) {
      const changed = Buffer.from(bytes);
      changed[next(bytes.length)]! ^= 1 + next(255);
      await writeFile(path, changed);
      const { ok, faults } = await verifyAudit(folder, audit);
      if (!ok && faults.length > 0) found++;
    }
    say(`${found} of ${CHANGES} changes found`);
    return { made: CHANGES, found };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
