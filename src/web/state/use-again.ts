/** A project as a job had it: its files, who becomes whom, and its settings. */

import { t } from '../i18n/i18n.ts';
import { assets, loadAsset } from './assets.ts';
import { type Mapping, type ProjectDocument, project, type RangeSettings, type Source } from './document.ts';
import { freeLetter } from './edit.ts';
import { ownOptionsOf, presetOf } from './job-facts.ts';
import type { Job } from './jobs.ts';
import { addressOf } from './view.ts';

/** Photos that go together are one source; the same ones twice are the same source. */
function sourcesOf(job: Job): Pick<ProjectDocument, 'sources' | 'mapping' | 'ranges'> {
  const sources = new Map<string, Source>();
  const sourceFor = (ids: readonly string[]): string => {
    const id = ids.join(' ');
    const known = sources.get(id);
    if (known) return known.id;
    const letter = freeLetter([...sources.values()]);
    sources.set(id, { id: letter, name: t('source.name', { letter }), assets: ids });
    return letter;
  };
  if (job.sources.length > 0) sourceFor(job.sources);
  const mapping: Record<string, Mapping> = {};
  for (const { person, sources: ids } of job.map) {
    mapping[person] = { to: ids.length === 0 ? 'keep' : sourceFor(ids), pinned: true };
  }
  const ranges = (job.ranges ?? []).map(
    ({ start, end, off = false, processors, options, map = [] }, at): RangeSettings => ({
      ...{ id: `range${at + 1}`, start, end, off },
      options: { ...options, ...(processors ? { processors } : {}) },
      mapping: Object.fromEntries(
        map.map(({ person, sources: ids }) => [person, ids.length === 0 ? 'keep' : sourceFor(ids)]),
      ),
    }),
  );
  return { sources: [...sources.values()], mapping, ranges };
}

/** Takes a job's settings into the open project, as one step that can be undone, and shows it. */
export async function applySettings(job: Job): Promise<void> {
  const rules = [job.map, ...(job.ranges ?? []).map(({ map = [] }) => map)].flat();
  const ids = [job.target, ...job.sources, ...rules.flatMap(({ sources }) => sources)];
  // What has expired stays named: the project says that it is gone.
  await Promise.allSettled(ids.flatMap((id) => (id === undefined ? [] : [loadAsset(id)])));
  const { trimFrameStart, trimFrameEnd, ...options } = ownOptionsOf(job);
  const preset = presetOf(job);
  const frames = job.target === undefined ? undefined : assets.value.get(job.target)?.media.frames;
  const start = typeof trimFrameStart === 'number' ? trimFrameStart : undefined;
  const end = typeof trimFrameEnd === 'number' ? trimFrameEnd : undefined;
  const last = end ?? frames;
  project.change('job.settings', (document) => ({
    ...document,
    ...sourcesOf(job),
    target: job.target,
    moreTargets: [],
    markers: [],
    range:
      (start === undefined && end === undefined) || last === undefined ? undefined : { start: start ?? 0, end: last },
    preset: preset ?? document.preset,
    options,
  }));
  location.hash = addressOf('swap');
}
