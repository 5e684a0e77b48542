/** How long runs have taken here: the last ones of each sort, kept as small documents. What was never measured is not guessed. */
import { z } from 'zod';
import type { Store } from '../store/store.ts';

const KIND = 'speed';
/** Runs of a sort that are remembered. */
const KEPT_RUNS = 20;
/** A sort that was not run for so long is forgotten: models, drivers and machines change. */
const KEPT_MS = 180 * 24 * 3_600_000;
/** Pictures of up to so many times the pixels, or so many times fewer, say something of each other. */
const LIKE_FACTOR = 2;

const runSchema = z.object({
  frames: z.number(),
  /** Of a frame of the output. */
  megapixels: z.number(),
  /** In the loop over frames; of a photo all. */
  frameSeconds: z.number(),
  /** Before and behind it: models, sources, publishing. */
  otherSeconds: z.number(),
});
export type MeasuredRun = Readonly<z.infer<typeof runSchema>>;

const valueSchema = z.object({ runs: z.array(runSchema) });

/** @param key of `speedKey` */
export async function rememberRun(store: Store, key: string, run: MeasuredRun, now: number): Promise<void> {
  if (!(run.frames > 0 && run.megapixels > 0)) return;
  const expiresAt = now + KEPT_MS;
  // Of the installation: no file, tenant or job is named.
  const first = { id: key, tenant: '', state: 'kept', expiresAt, value: { runs: [run] } };
  if (await store.create(KIND, first)) return;
  await store.update(KIND, key, ({ value }) => {
    const runs = [...valueSchema.parse(value).runs, run].slice(-KEPT_RUNS);
    return { state: 'kept', expiresAt, value: { runs } };
  });
}

export interface SpeedEstimate {
  /** Left out where nothing like it was measured. */
  readonly seconds?: number;
  /** That it was taken from. */
  readonly runs: number;
}

/** What a run would take, by those that were alike. */
export async function estimateSeconds(
  store: Store,
  key: string,
  { frames, megapixels }: { readonly frames: number; readonly megapixels: number },
): Promise<SpeedEstimate> {
  const document = await store.read(KIND, key);
  return estimateBy(document ? valueSchema.parse(document.value).runs : [], frames, megapixels);
}

/** Pure: medians, so that one run beside something else does not count for much. */
export function estimateBy(runs: readonly MeasuredRun[], frames: number, megapixels: number): SpeedEstimate {
  const alike = runs.filter((run) => {
    const times = run.megapixels / megapixels;
    return times <= LIKE_FACTOR && times >= 1 / LIKE_FACTOR;
  });
  if (alike.length === 0) return { runs: 0 };
  const each = median(alike.map((run) => run.frameSeconds / (run.frames * run.megapixels)));
  const other = median(alike.map(({ otherSeconds }) => otherSeconds));
  return { seconds: other + each * frames * megapixels, runs: alike.length };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
