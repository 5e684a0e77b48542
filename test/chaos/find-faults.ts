/** What must hold when a chaos run is over: right outputs, none twice, nothing left behind, the record intact. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Backend } from '../../src/jobs/backend.ts';
import { isEnded, type Job, type JobEvent, jobStream } from '../../src/jobs/job.ts';
import { listAudit, verifyLog } from '../../src/runner/audit-log.ts';
import { verifyFile } from '../../src/runner/verify-file.ts';
import { countVideoFrames } from '../helpers/run-folder.ts';
import type { Cluster } from './cluster-processes.ts';
import { FRAMES } from './media.ts';

export interface Findings {
  readonly rightOutputs: number;
  readonly duplicates: readonly string[];
  readonly orphans: readonly string[];
  readonly faults: readonly string[];
  /** Outputs that were recorded, those of attempts that lost included. */
  readonly recordedOutputs: number;
  readonly auditLines: number;
}

/** The second cleaning of a job comes a minute after its end, for what a late worker wrote. */
const CLEANED_MS = 90_000;

/** @param folder for files that are looked at */
export async function findFaults(cluster: Cluster, jobs: readonly Job[], folder: string): Promise<Findings> {
  const { backend } = cluster;
  const faults: string[] = [];
  const duplicates: string[] = [];
  let rightOutputs = 0;
  for (const job of jobs) {
    const fault = await faultOf(backend, job, folder);
    if (fault === undefined) rightOutputs++;
    else faults.push(`${job.id}: ${fault}`);
    const ends = (await backend.store.events(jobStream(job.id), 0, 1000)).filter(({ value }) => {
      const event = value as JobEvent;
      return event.type === 'state' && isEnded(event.state);
    });
    if (ends.length > 1) duplicates.push(`${job.id} ended ${ends.length} times`);
    if (job.outputs.length > 1) duplicates.push(`${job.id} has ${job.outputs.length} outputs`);
  }
  const orphans = await findOrphans(cluster, jobs);
  const audit = await verifyLog();
  if (!audit.ok) faults.push(`audit: ${JSON.stringify(audit.faults.slice(0, 3))}`);
  const published = await listAudit({ kind: 'output.published' });
  const recorded = new Set(published.map(({ line }) => line.facts.job));
  for (const job of jobs) if (!recorded.has(job.audit?.job ?? '')) faults.push(`${job.id} is not in the audit log`);
  return { rightOutputs, duplicates, orphans, faults, recordedOutputs: published.length, auditLines: audit.lines };
}

async function faultOf({ storage }: Backend, job: Job, folder: string): Promise<string | undefined> {
  const [output] = job.outputs;
  if (job.state !== 'completed' || output?.key === undefined) {
    return `${job.state}: ${JSON.stringify(job.error)}`;
  }
  const path = join(folder, `${job.id}-${output.name}`);
  try {
    await storage.getFile(output.key, path);
    const verdict = await verifyFile(path);
    if (verdict.sha256 !== output.sha256) return 'the output is not what was published';
    if (verdict.mark?.job !== job.audit?.job) return `the mark says ${verdict.mark?.job}`;
    if (verdict.credentials.state !== 'trusted') return `credentials are ${verdict.credentials.state}`;
    if (!verdict.recorded.some(({ isSame }) => isSame)) return 'the output is not in the audit log';
    if (job.frames?.changed !== job.frames?.total) return `frames: ${JSON.stringify(job.frames)}`;
    const frames = verdict.kind === 'video' ? countVideoFrames(path) : FRAMES;
    return frames === FRAMES ? undefined : `${frames} frames`;
  } finally {
    rmSync(path, { force: true });
  }
}

/** Objects that belong to no published output. Late ones go by themselves: that is waited for. */
async function findOrphans({ backend }: Cluster, jobs: readonly Job[]): Promise<readonly string[]> {
  const kept = new Set(jobs.flatMap(({ outputs }) => outputs.map(({ key }) => key)));
  let orphans: string[];
  for (const end = performance.now() + CLEANED_MS; ; await wait(1000)) {
    orphans = [];
    for await (const { key } of backend.storage.list('jobs/')) if (!kept.has(key)) orphans.push(key);
    if (orphans.length === 0 || performance.now() > end) break;
  }
  const tasks = (await backend.queue.stats()).filter(({ waiting, active, delayed }) => waiting + active + delayed > 0);
  return [...orphans, ...tasks.map((lane) => `tasks: ${JSON.stringify(lane)}`)];
}

/** What is left when all workers have ended. */
export const leftOf = (cluster: Cluster): readonly string[] => [
  ...cluster.processes().map((line) => `process ${line}`),
  ...readdirSync(cluster.scratch).map((name) => `scratch ${name}`),
];
