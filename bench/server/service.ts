/** A built `facefusion serve` in a process of its own, and what it takes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly processId: number;
  /** Resident megabytes of the gateway's own process, without runners. */
  megabytes(): number;
  /** Seconds of processor time since its start. */
  cpuSeconds(): number;
}

/** Ticks of `/proc/<pid>/stat` a second, on every Linux that Node runs on. */
const TICKS = 100;

/**
 * Starts it and waits until it listens.
 * @param pinnedTo core that it may run on, with all its children
 */
export async function startService(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  pinnedTo?: number,
): Promise<Service> {
  const command = [process.execPath, MAIN, ...words, '--json=lines'];
  const all = pinnedTo === undefined ? command : ['taskset', '-c', String(pinnedTo), ...command];
  const child: ChildProcess = spawn(all[0]!, all.slice(1), {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    const hear = (text: string): void => {
      said += text;
      const found = said.match(/https?:\/\/[\d.:[\]a-z]+/);
      if (found || said.includes('"ready"')) resolve(found?.[0] ?? '');
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
  const processId = child.pid!;
  return {
    url,
    processId,
    megabytes: () => Number(readFileSync(`/proc/${processId}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024,
    cpuSeconds() {
      const fields = readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    },
  };
}

/** Uploads a file. @returns the asset's id */
export async function upload(url: string, path: string, name: string): Promise<string> {
  const form = new FormData();
  form.append('file', new Blob([readFileSync(path)]), name);
  const answer = await fetch(`${url}/v1/assets`, { method: 'POST', body: form });
  const asset = (await answer.json()) as { readonly id?: string };
  if (!asset.id) throw new Error(`the upload failed: ${JSON.stringify(asset)}`);
  return asset.id;
}

export interface BenchJob {
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
  readonly endedAt?: string;
  readonly timings?: Readonly<Record<string, number>>;
  readonly error?: { readonly code: string; readonly message: string };
}

export async function submit(url: string, body: object): Promise<BenchJob> {
  const answer = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const job = (await answer.json()) as BenchJob;
  if (!job.id) throw new Error(`the job was refused: ${JSON.stringify(job)}`);
  return job;
}

/** Follows a job's events to its end. */
export async function untilEnded(url: string, id: string): Promise<BenchJob> {
  const events = await fetch(`${url}/v1/jobs/${id}/events`);
  const decoder = new TextDecoder();
  for await (const part of events.body as unknown as AsyncIterable<Uint8Array>) {
    if (/"state":"(completed|failed|cancelled)"/.test(decoder.decode(part, { stream: true }))) break;
  }
  for (;;) {
    const job = (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as BenchJob;
    if (job.state === 'completed') return job;
    if (job.state === 'failed' || job.state === 'cancelled')
      throw new Error(`${id} ${job.state}: ${JSON.stringify(job.error)}`);
  }
}
