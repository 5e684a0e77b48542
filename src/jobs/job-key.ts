/** Tells whether two jobs are the same work. */
import { createHash } from 'node:crypto';
import type { ResolvedProcessOptions } from '../core/options.ts';
import type { ReadyAsset, RunMedia } from './assets-of.ts';
import type { NeededModel } from './needed-models.ts';

export interface JobKeyFacts {
  readonly tenant: string;
  readonly media: RunMedia<Pick<ReadyAsset, 'sha256'>>;
  readonly resolved: ResolvedProcessOptions;
  readonly outputName: string;
  readonly post: readonly unknown[];
  /** Who is told of its end: a job that tells somebody else is another one. */
  readonly callback: unknown;
  readonly models: readonly NeededModel[];
  /** Of this installation. */
  readonly versions: { readonly product: string; readonly models: string; readonly policy: string };
}

/** Options that stand for media, which count by their content. */
const PATHS: readonly string[] = ['sourcePaths', 'map', 'ranges', 'targetPath', 'outputPath'];
/** Options that change nothing about what is made. */
const WITHOUT_EFFECT: readonly string[] = ['lite', 'systemMemoryLimit', 'executionThreadCount', 'executionDeviceIds'];

/**
 * A hash of all that decides what a job makes: of two jobs with the same key one need be done.
 * @returns 64 hexadecimal digits
 */
export function jobKeyOf({
  tenant,
  media,
  resolved,
  outputName,
  post,
  callback,
  models,
  versions,
}: JobKeyFacts): string {
  const options = Object.entries(resolved)
    .filter(([name]) => !PATHS.includes(name) && !WITHOUT_EFFECT.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const added = models.map(({ id, sha256 = '' }) => `${id}:${sha256}`).sort();
  const { sources, map, rangeMaps = [], target } = media;
  const rules = (of: typeof map): unknown =>
    of.map((rule) => [rule.person, ...rule.sources.map(({ sha256 }) => sha256)]);
  const contents = {
    target: target.sha256,
    sources: sources.map(({ sha256 }) => sha256),
    map: rules(map),
    ranges: resolved.ranges.map(({ map: _, ...range }, at) => [range, rules(rangeMaps[at] ?? [])]),
  };
  const facts = [tenant, contents, options, outputName, post, callback ?? null, added, versions];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
