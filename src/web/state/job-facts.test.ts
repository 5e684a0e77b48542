import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Asset } from './assets.ts';
import type { Job } from './jobs.ts';

const store = { getItem: () => null, setItem: () => undefined };
vi.stubGlobal('location', { origin: 'http://localhost:7860', hash: '' });
vi.stubGlobal('sessionStorage', store);
vi.stubGlobal('localStorage', store);
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('navigator', { languages: ['en'], platform: '' });
const { assets } = await import('./assets.ts');
const { jobs, order, waiting } = await import('./jobs.ts');
const { expectedSeconds, framesOf, nameOf, shownFrame } = await import('./job-facts.ts');

const clip = { id: 'asset_v', fileName: 'clip.mp4', media: { kind: 'video', frames: 1000 } } as Asset;
const job = (more: Partial<Job>): Job =>
  ({
    ...{ id: 'job_1', state: 'queued', createdAt: '2026-11-29T10:00:00Z', target: 'asset_v', sources: [], map: [] },
    ...{ options: { preset: 'fast' }, outputs: [], notes: [], timings: {} },
    ...more,
  }) as Job;
const have = (...list: readonly Job[]): void => {
  jobs.value = new Map(list.map((one) => [one.id, one]));
};

describe('what is said of a job', () => {
  beforeEach(() => {
    assets.value = new Map([[clip.id, clip]]);
    have();
  });

  it('is called as its output; one that nobody named, as its target', () => {
    expect(nameOf(job({ outputName: 'party.mp4' }))).toBe('party.mp4');
    expect(nameOf(job({ outputName: 'result.mp4' }))).toBe('clip.mp4');
  });

  it('works on the frames of its range', () => {
    expect(framesOf(job({}))).toBe(1000);
    expect(framesOf(job({ options: { trimFrameStart: 200, trimFrameEnd: 500 } }))).toBe(300);
  });

  it('is told a time only where the same kind of work was done, by its frames', () => {
    const next = job({ options: { preset: 'fast', trimFrameEnd: 500 } });
    expect(expectedSeconds(next)).toBeUndefined();
    const done = { state: 'completed', startedAt: '2026-11-29T10:00:00Z', endedAt: '2026-11-29T10:00:20Z' } as const;
    have(job({ ...done, id: 'job_0', frames: { total: 1000, changed: 1000, leftAlone: {} } }));
    expect(expectedSeconds(next)).toBe(10);
    expect(expectedSeconds(job({ options: { preset: 'premium' } }))).toBeUndefined();
  });

  it('shows frames of a running one in few steps, within its range', () => {
    const at = (done: number): number =>
      shownFrame(
        job({ state: 'running', options: { trimFrameStart: 100 }, progress: { stage: 'process', done, total: 240 } }),
      );
    expect(new Set(Array.from({ length: 241 }, (_, done) => at(done))).size).toBeLessThanOrEqual(25);
    expect(at(0)).toBe(100);
    expect(at(240)).toBeLessThan(340);
  });

  it('waits in the order of the service; what has just come is behind all', () => {
    have(...['a', 'b', 'c'].map((id, at) => job({ id, createdAt: `2026-11-29T10:00:0${at}Z` })));
    order.value = ['b', 'a'];
    expect(waiting.value.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });
});
