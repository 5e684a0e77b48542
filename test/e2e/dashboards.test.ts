/** Boards and alerts on live metrics: a real Prometheus scrapes a real service that has done something. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { freePort } from '../helpers/redis-server.ts';
import { ensureBuilt, MAIN, MEDIA, makeFolder, ROOT } from './support/cli.ts';

const folder = makeFolder('dashboards');
const at = (name: string): string => join(folder.path, name);
const children: ChildProcess[] = [];
let service: string;
let prometheus: string;

interface Query {
  readonly board: string;
  readonly panel: string;
  readonly expression: string;
}

const queries: readonly Query[] = readdirSync(join(ROOT, 'deploy/grafana/dashboards')).flatMap((board) => {
  const { panels } = JSON.parse(readFileSync(join(ROOT, 'deploy/grafana/dashboards', board), 'utf8')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  return panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ board, panel: title, expression: expr })));
});

/** Of what this machine cannot have: a GPU; and of what did not happen in two good runs on photos. */
const EMPTY_HERE = /gpu|quality|retries|callbacks_total|frames_per_second|outcome="failed"|outcome=~"failed/;

async function start(program: string, words: readonly string[], isReady: RegExp): Promise<string> {
  const child = spawn(program, words, {
    env: { ...process.env, FACEFUSION_DATA_FOLDER: at('data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (text: string): void => {
      said += text;
      if (isReady.test(said)) resolve(said);
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}: ${said}`)));
  });
}

async function query(expression: string): Promise<readonly { readonly value: readonly [number, string] }[]> {
  const answer = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`);
  const body = (await answer.json()) as { status: string; error?: string; data?: { result: never[] } };
  if (body.status !== 'success') throw new Error(`${expression}: ${body.error}`);
  return body.data?.result ?? [];
}

beforeAll(async () => {
  ensureBuilt();
  const words = [MAIN, 'serve', '--port', '0', '--requests-per-minute', '0', '--json=lines'];
  const said = await start(process.execPath, words, /"url":"[^"]+"/);
  service = /"url":"([^"]+)"/.exec(said)?.[1] ?? '';
  const port = await freePort();
  prometheus = `http://127.0.0.1:${port}`;
  mkdirSync(at('prometheus'));
  writeFileSync(
    at('prometheus.yml'),
    [
      'global: { scrape_interval: 1s, evaluation_interval: 1s }',
      `rule_files: [${join(ROOT, 'deploy/prometheus/rules.yml')}]`,
      'scrape_configs:',
      '  - job_name: facefusion-gateway',
      `    static_configs: [{ targets: ['${new URL(service).host}'] }]`,
    ].join('\n'),
  );
  const place = [`--config.file=${at('prometheus.yml')}`, `--storage.tsdb.path=${at('prometheus')}`];
  await start('prometheus', [...place, `--web.listen-address=127.0.0.1:${port}`], /Server is ready to receive/);
}, 300_000);

afterAll(async () => {
  for (const child of children) {
    child.removeAllListeners('exit');
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }
  folder.dispose();
});

describe('boards on live metrics', () => {
  it('have queries that Prometheus takes, and that say something where something happened', async () => {
    await sharp(MEDIA.threeWomen).extract({ left: 1000, top: 120, width: 520, height: 640 }).png().toFile(at('me.png'));
    await sharp(MEDIA.fourWomen).extract({ left: 1330, top: 60, width: 560, height: 640 }).png().toFile(at('you.png'));
    const client = createClient({ baseUrl: service });
    const send = (name: string) =>
      client.uploadFile(new Blob([new Uint8Array(readFileSync(at(name)))]), { fileName: name });
    // `rate` knows a counter only from its second scrape on: the first job makes it, the second moves it.
    const [me, you] = [await send('me.png'), await send('you.png')];
    for (const label of ['first', 'second']) {
      const body = { sources: [me.id], target: you.id, reuse: false, labels: { label } };
      const { data: job } = await client.POST('/v1/jobs', { body });
      expect((await client.waitForJob(job?.id ?? '')).state).toBe('completed');
      const seen = async (): Promise<boolean> => (await query('facefusion_frames_total')).length > 0;
      while (!(await seen())) await wait(250);
    }
    const isMoved = async (): Promise<boolean> => {
      const [first] = await query('sum(rate(facefusion_frames_total[5m]))');
      return Number(first?.value[1]) > 0;
    };
    while (!(await isMoved())) await wait(250);

    const empty: string[] = [];
    for (const { board, panel, expression } of queries) {
      const result = await query(expression);
      if (result.length === 0 && !EMPTY_HERE.test(expression)) empty.push(`${board}: ${panel}: ${expression}`);
    }
    expect(queries.length).toBeGreaterThan(30);
    expect(empty).toEqual([]);
  });

  it('come with alerts that a healthy service does not raise', async () => {
    const answer = (await (await fetch(`${prometheus}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; state: string; health: string }[] }[] };
    };
    const rules = answer.data.groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(10);
    expect(rules.filter(({ state, health }) => state === 'firing' || health === 'err')).toEqual([]);
  });
});
