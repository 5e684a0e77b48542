/** Time and memory that a preset takes on this machine for this target: measured, or absent. */
import { effect, signal } from '@preact/signals';
import { api, ask } from './api.ts';
import { project } from './document.ts';
import { onEnded } from './jobs.ts';
import { lackOf, toRanges, toRun } from './request.ts';

export interface Estimate {
  readonly seconds: number | undefined;
  /** Most that the run holds at once. */
  readonly memoryBytes: number | undefined;
}

/** By the preset's name; a preset that was never measured for such a target has none. */
export const estimates = signal<ReadonlyMap<string, Estimate>>(new Map());

/** So that a slider that moves does not ask for every step. */
const SETTLE_MS = 400;

let controller = new AbortController();
let timer = 0;

async function load(): Promise<void> {
  const { signal: aborted } = controller;
  const document = project.value.value;
  const { target, processors, options, map } = toRun(document);
  const ranges = toRanges(document).map(({ map: _map, ...range }) => range);
  try {
    const { preset: _preset, ...given } = options ?? {};
    const answer = await ask(
      api().POST('/v1/estimates', {
        body: { target, ...(processors ? { processors } : {}), options: given, ranges, mapsPeople: map !== undefined },
        signal: aborted,
      }),
    );
    estimates.value = new Map(
      answer.estimates
        .filter(({ basis }) => basis === 'measured')
        .map(({ preset, seconds, memoryBytes }) => [preset, { seconds, memoryBytes }]),
    );
  } catch {
    // Without numbers the page says that there are none; the next change asks again.
    if (!aborted.aborted) estimates.value = new Map();
  }
}

function refresh(): void {
  controller.abort();
  controller = new AbortController();
  clearTimeout(timer);
  if (lackOf(project.value.value) === 'target') {
    estimates.value = new Map();
    return;
  }
  timer = window.setTimeout(() => void load(), SETTLE_MS);
}

/** Follows the project, and learns from each job that ends. @returns ends it */
export function followEstimates(): () => void {
  const stop = effect(() => {
    void project.value.value;
    refresh();
  });
  const stopHearing = onEnded(refresh);
  return () => {
    stop();
    stopHearing();
    clearTimeout(timer);
    controller.abort();
  };
}
