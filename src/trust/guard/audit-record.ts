/** An output is published only when the audit log says durably what it is. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../audit/canonical-json.ts';
import type { TrustStep } from '../trust-step.ts';
import type { PartFindings } from './part-findings.ts';
import { REFUSALS } from './refusals.ts';

export const auditRecord: TrustStep = {
  id: 'audit-record',
  async beforeFirstFrame({ guard }) {
    await guard.audit.append({ kind: 'run.begun', facts: guard.facts, personal: guard.personal });
  },
  async afterFailure({ code }, { kind, guard }) {
    // The end of a live session is recorded in any case.
    if (kind === 'live') return;
    // Refusals are recorded by whoever asked for the run, with their reasons.
    if (REFUSALS.includes(code)) return;
    const { facts, found } = guard;
    // Where the log cannot be written either, its entry of a run that began and never ended has to do: what the run
    // failed of matters more to whoever waits for it.
    const chunk = facts.chunk === undefined ? {} : { chunk: facts.chunk };
    const entry = { kind: 'run.failed', facts: { job: facts.job!, ...chunk, code, looks: found.looks } } as const;
    await guard.audit.append(entry).catch(() => undefined);
  },
  async afterChunk({ startFrame, endFrame, findings }, { guard }) {
    const { job, chunk } = guard.facts;
    await guard.audit.append({
      kind: 'chunk.made',
      facts: { job: job!, chunk: chunk!, frames: [startFrame, endFrame], moderation: moderationOf(findings) },
    });
  },
  async afterLive({ frames, seconds, code }, { guard }) {
    const { found, payload } = guard;
    await guard.audit.append({
      kind: 'live.ended',
      facts: {
        ...guard.facts,
        ...guard.closingFacts(),
        frames: { total: frames.total, changed: frames.changed, leftAlone: { ...frames.leftAlone } },
        seconds: Math.round(seconds),
        watermark: `${payload.installation}${payload.job}`,
        moderation: moderationOf(found),
        ...(code === undefined ? {} : { code }),
        ...(found.consents.length > 0 ? { consents: found.consents } : {}),
      },
      personal: guard.personal,
    });
  },
  async beforePublish({ output, guard }) {
    const { found, payload } = guard;
    const { sha256, bytes } = await hashOutput(output.partialPath);
    const { seq } = await guard.audit.append({
      kind: 'output.published',
      facts: {
        ...guard.facts,
        ...guard.closingFacts(),
        output: { sha256, bytes },
        credentials: found.credentials,
        watermark: `${payload.installation}${payload.job}`,
        moderation: moderationOf(found),
        ...(found.consents.length > 0 ? { consents: found.consents } : {}),
      },
      personal: { ...guard.personal, output: output.path },
    });
    found.entry = seq;
  },
};

const moderationOf = ({ looks, scores, sawYoungFace }: PartFindings): Json => ({
  ...{ looks, highest: rounded(scores), youngFace: sawYoungFace },
});

const rounded = (scores: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, Number(score.toFixed(4))]));

/** Of a file; of the files of an image sequence in the order of their names. */
export async function hashOutput(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  if (!(await stat(path)).isDirectory()) {
    const bytes = await addFile(hash, path);
    return { sha256: hash.digest('hex'), bytes };
  }
  let bytes = 0;
  for (const name of (await readdir(path)).sort()) bytes += await addFile(hash, join(path, name));
  return { sha256: hash.digest('hex'), bytes };
}

async function addFile(hash: Hash, path: string): Promise<number> {
  let bytes = 0;
  for await (const part of createReadStream(path)) {
    hash.update(part as Buffer);
    bytes += (part as Buffer).length;
  }
  return bytes;
}
