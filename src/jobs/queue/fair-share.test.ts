import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandOf, chooseLane, passTask, refundTasks, tagTask } from './fair-share.ts';

interface Waiting {
  readonly tenant: string;
  readonly cost: number;
  readonly start: number;
  readonly order: number;
}

/** One lane and priority, as every queue does it. */
class Line {
  #virtualTime = 0;
  #added = 0;
  readonly #finish = new Map<string, number>();
  readonly #waiting: Waiting[] = [];

  add(tenant: string, cost: number): void {
    const { start, finish } = tagTask(this.#virtualTime, this.#finish.get(tenant) ?? 0, cost);
    this.#finish.set(tenant, finish);
    this.#waiting.push({ tenant, cost, start, order: this.#added++ });
  }

  take(): Waiting | undefined {
    const next = this.#waiting.sort((a, b) => a.start - b.start || a.order - b.order).shift();
    if (next) this.#virtualTime = passTask(this.#virtualTime, next.start);
    return next;
  }
}

const costs = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 40, maxLength: 60 });

describe('fair share', () => {
  test('of two tenants with tasks waiting, neither gets more than its half and one task', () => {
    fc.assert(
      fc.property(costs, costs, fc.nat(30), (ann, bob, before) => {
        const line = new Line();
        for (const cost of ann) line.add('ann', cost);
        // Bob comes later: what Ann had until then is not held against her, nor made up for.
        for (let i = 0; i < Math.min(before, ann.length - 10); i++) line.take();
        for (const cost of bob) line.add('bob', cost);
        const left: Record<string, number> = { ann: ann.length - Math.min(before, ann.length - 10), bob: bob.length };
        const got: Record<string, number> = { ann: 0, bob: 0 };
        while ((left.ann ?? 0) > 0 && (left.bob ?? 0) > 0) {
          const { tenant, cost } = line.take() ?? { tenant: '', cost: 0 };
          got[tenant] = (got[tenant] ?? 0) + cost;
          left[tenant] = (left[tenant] ?? 0) - 1;
          const half = ((got.ann ?? 0) + (got.bob ?? 0)) / 2;
          expect(got.ann).toBeLessThanOrEqual(half + 20);
          expect(got.bob).toBeLessThanOrEqual(half + 20);
        }
      }),
    );
  });

  test('one task does not wait behind a thousand of another tenant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 50 }), (taken, cost) => {
        const line = new Line();
        for (let i = 0; i < 1000; i++) line.add('ann', 1);
        for (let i = 0; i < taken; i++) line.take();
        line.add('bob', cost);
        expect([line.take()?.tenant, line.take()?.tenant]).toContain('bob');
      }),
      { numRuns: 25 },
    );
  });

  test('who adds one after the other gets no more than who added all before', () => {
    const line = new Line();
    for (let i = 0; i < 100; i++) line.add('ann', 1);
    line.add('bob', 1);
    let bob = 0;
    for (let i = 0; i < 60; i++) {
      if (line.take()?.tenant !== 'bob') continue;
      bob++;
      line.add('bob', 1);
    }
    expect(bob).toBeGreaterThanOrEqual(29);
    expect(bob).toBeLessThanOrEqual(31);
  });

  test('tags never go back, and a task takes at least one', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(1000), (time, finish, cost) => {
        const tags = tagTask(time, finish, cost);
        expect(tags.start).toBe(Math.max(time, finish));
        expect(tags.finish).toBeGreaterThan(tags.start);
        expect(passTask(time, tags.start)).toBe(tags.start);
        expect(refundTasks(tags.finish, Math.max(1, cost))).toBe(tags.start);
      }),
    );
  });

  test('priorities are bands', () => {
    expect([bandOf('high'), bandOf('normal'), bandOf('low')]).toEqual([0, 1, 2]);
  });

  test('lanes take turns within the best band', () => {
    const lanes = [
      { lane: 'b', band: 1 },
      { lane: 'a', band: 1 },
      { lane: 'c', band: 2 },
    ];
    expect(chooseLane(lanes, undefined)).toBe('a');
    expect(chooseLane(lanes, 'a')).toBe('b');
    expect(chooseLane(lanes, 'b')).toBe('a');
    expect(chooseLane([...lanes, { lane: 'd', band: 0 }], 'a')).toBe('d');
    expect(chooseLane([], 'a')).toBeUndefined();
  });
});
