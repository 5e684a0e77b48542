/** What lies in `deploy/` is read by the programs that it is for, where they are at hand, and checked against ours. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createServiceMetrics } from '../../src/jobs/metrics/service-metrics.ts';
import { ROOT } from '../e2e/support/cli.ts';

const at = (...names: string[]): string => join(ROOT, ...names);
const read = (...names: string[]): string => readFileSync(at(...names), 'utf8');
const promtool = (...words: string[]): string => execFileSync('promtool', words, { encoding: 'utf8', stdio: 'pipe' });

/** Names of metrics in a query. */
const metricsIn = (query: string): string[] => query.match(/\b(?:facefusion|process|nodejs)_\w+/g) ?? [];

/** Histograms are asked for by the names of their parts. */
async function knownMetrics(): Promise<ReadonlySet<string>> {
  const all = await createServiceMetrics().registry.getMetricsAsJSON();
  return new Set(
    all.flatMap(({ name, type }) =>
      String(type) === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name],
    ),
  );
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}
const dashboards = readdirSync(at('deploy/grafana/dashboards')).map((file) => ({
  file,
  ...(JSON.parse(read('deploy/grafana/dashboards', file)) as { uid: string; panels: Panel[] }),
}));

function yamlFiles(folder: string): string[] {
  return readdirSync(at(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return yamlFiles(path);
    return /\.ya?ml$/.test(entry.name) ? [path] : [];
  });
}

/** A document of YAML, as plain data. */
type Yaml = Readonly<Record<string, never>>;

describe('deploy', () => {
  it('has alert rules that promtool takes, and whose tries give the alerts that they should', () => {
    expect(promtool('check', 'rules', at('deploy/prometheus/rules.yml'))).toContain('SUCCESS: 10 rules found');
    expect(promtool('test', 'rules', at('deploy/prometheus/rules.test.yml'))).toContain('SUCCESS');
    expect(promtool('check', 'config', '--syntax-only', at('deploy/prometheus/prometheus.yml'))).toContain('SUCCESS');
  });

  it('asks in rules, boards and autoscaling only for metrics that there are', async () => {
    const known = await knownMetrics();
    const queries = [
      ...dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))),
      ...read('deploy/prometheus/rules.yml').split('\n'),
      ...read('deploy/kubernetes/autoscaling.yaml').split('\n'),
    ];
    const asked = new Set(queries.flatMap(metricsIn));
    expect(asked.size).toBeGreaterThan(20);
    expect([...asked].filter((name) => !known.has(name))).toEqual([]);
  });

  it('is documented metric by metric, and nothing else is', async () => {
    const all = await createServiceMetrics().registry.getMetricsAsJSON();
    const own = all.map(({ name }) => name).filter((name) => name.startsWith('facefusion_'));
    const rows = [...read('docs/operation.md').matchAll(/^\| `(facefusion_\w+)`/gm)].map(([, name]) => name);
    expect(rows.toSorted()).toEqual(own.toSorted());
  });

  it('has boards with ids of their own and panels that do not lie on each other', () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length);
    for (const { panels } of dashboards) {
      const cells = panels.flatMap((panel) => {
        const { x, y, w, h } = (panel as unknown as { gridPos: Record<'x' | 'y' | 'w' | 'h', number> }).gridPos;
        return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
      });
      expect(new Set(cells).size).toBe(cells.length);
    }
  });

  it('is YAML throughout', () => {
    for (const file of [...yamlFiles('deploy'), ...yamlFiles('.github')]) {
      for (const document of parseAllDocuments(read(file), { merge: true })) {
        expect(document.errors, file).toEqual([]);
        expect(document.toJS(), file).toBeTypeOf('object');
      }
    }
  });

  it('runs pods and containers without rights, on a read-only root', () => {
    for (const file of ['gateway.yaml', 'worker.yaml']) {
      const [deployment] = parseAllDocuments(read('deploy/kubernetes', file)).map(
        (document) => document.toJS() as Yaml,
      );
      const pod = (deployment as unknown as { spec: { template: { spec: Record<string, unknown> } } }).spec.template
        .spec;
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of [...(pod.containers as Yaml[]), ...(pod.initContainers as Yaml[])]) {
        expect(container.securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
    const compose = parseAllDocuments(read('deploy/compose.yaml'), { merge: true })[0]?.toJS() as {
      services: Record<string, Record<string, unknown>>;
    };
    for (const name of ['gateway', 'worker', 'first-key']) {
      expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    }
    expect(compose.services.worker).toMatchObject({ deploy: { replicas: 2 }, networks: ['inner'] });
    expect(read('deploy/Dockerfile')).toMatch(/^USER 10001:10001$/m);
  });
});
