/** How long one face takes against a list of persons. `npx tsx bench/trust/blocklist-search.ts [persons]` prints JSON. */
import { cpus } from 'node:os';
import { FaceList } from '../../src/trust/blocklist/face-list.ts';

const WANTED_MILLISECONDS = 40;
const QUERIES = 50;
const LENGTH = 128;
const persons = Number(process.argv[2] ?? 100_000);

let state = 1;
const next = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32 - 0.5;
};
function randomUnit(): Float32Array {
  const values = Float32Array.from({ length: LENGTH }, next);
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}

const list = new FaceList('random');
const addedAt = new Date(0).toISOString();
for (let at = 0; at < persons; at++) {
  list.add({ id: String(at), name: `person ${at}`, addedAt, embeddings: [randomUnit()] });
}
const queries = Array.from({ length: QUERIES }, randomUnit);
const began = performance.now();
list.search(queries[0]!, 0.9);
const firstMilliseconds = performance.now() - began;
const times = queries
  .map((query) => {
    const start = performance.now();
    list.search(query, 0.9);
    return performance.now() - start;
  })
  .sort((a, b) => a - b);
const rounded = (value: number): number => Number(value.toFixed(2));
const median = times[QUERIES >> 1]!;
const report = {
  persons,
  numbersPerEmbedding: LENGTH,
  queries: QUERIES,
  // Packs all embeddings into one block.
  firstMilliseconds: rounded(firstMilliseconds),
  medianMilliseconds: rounded(median),
  slowestMilliseconds: rounded(times.at(-1)!),
  wantedMilliseconds: WANTED_MILLISECONDS,
  isMet: median < WANTED_MILLISECONDS,
  processor: cpus()[0]?.model,
  node: process.version,
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
