/** Gateways of the simulation: the service's own `create`, at a steady rate. */
import { createHash } from 'node:crypto';
import { newId } from '../../src/core/ids.ts';
import { createJobService } from '../../src/jobs/create-job-service.ts';
import { openBackend } from '../../src/jobs/open-backend.ts';

export interface Submissions {
  readonly submitted: number;
  /** Milliseconds of each call. */
  readonly latencies: readonly number[];
  readonly refused: number;
  /** Of this process. */
  readonly cpuSeconds: number;
}

/** Tenants that share the workers. */
const TENANTS = 50;

/**
 * Registers two assets for each tenant and submits jobs on them.
 * @param perSecond jobs; they come at even distances
 * @returns stops, and gives what there was
 */
export async function startSubmitting(
  url: string,
  folder: string,
  perSecond: number,
  seconds: number,
): Promise<() => Promise<Submissions>> {
  const backend = await openBackend({ queue: url, storage: folder, folder });
  const jobs = createJobService({ backend, options: { maxWaiting: 1_000_000, keepDays: 1 } });
  const now = new Date().toISOString();
  const asset = async (tenant: string, media: object, fileName: string): Promise<string> => {
    const id = newId('asset');
    const value = {
      ...{ id, tenant, owner: 'bench', state: 'ready', fileName, key: `assets/${tenant}/${id}`, bytes: 20_000_000 },
      ...{ sha256: createHash('sha256').update(id).digest('hex'), contentType: 'video/mp4', media, createdAt: now },
    };
    await backend.store.create('asset', { id, tenant, state: 'ready', value });
    return id;
  };
  const tenants: { readonly name: string; readonly face: string; readonly clip: string }[] = [];
  for (let at = 0; at < TENANTS; at++) {
    const name = `tenant${at}`;
    const size = { width: 1280, height: 720 };
    const clip = { kind: 'video', format: 'mp4', ...size, durationSeconds: seconds, frames: seconds * 25, fps: 25 };
    tenants.push({
      name,
      face: await asset(name, { kind: 'image', format: 'jpg', width: 800, height: 800 }, 'face.jpg'),
      clip: await asset(name, clip, 'clip.mp4'),
    });
  }
  const latencies: number[] = [];
  let [submitted, refused] = [0, 0];
  const begin = performance.now();
  let due = 0;
  const cpu = process.cpuUsage();
  const timer = setInterval(() => {
    for (; due / perSecond <= (performance.now() - begin) / 1000; due++) {
      const tenant = tenants[due % TENANTS]!;
      const start = performance.now();
      jobs
        .create({
          ...{ tenant: tenant.name, owner: 'bench', reuse: false },
          run: {
            sources: [{ kind: 'asset', id: tenant.face }],
            target: { kind: 'asset', id: tenant.clip },
            output: { kind: 'stored', name: 'result.mp4' },
            options: {},
          },
        })
        .then(
          () => {
            submitted++;
            latencies.push(performance.now() - start);
          },
          (error: unknown) => {
            if (refused++ === 0) process.stderr.write(`a job was refused: ${String(error)}\n`);
          },
        );
    }
  }, 10);
  return async () => {
    clearInterval(timer);
    const { user, system } = process.cpuUsage(cpu);
    const result = { submitted, latencies, refused, cpuSeconds: (user + system) / 1e6 };
    await backend[Symbol.asyncDispose]();
    return result;
  };
}
