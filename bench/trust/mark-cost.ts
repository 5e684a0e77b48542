/** What the mark costs a frame: the engine alone, and the step of the frame loop. */
import type { I420Frame } from '../../src/core/image.ts';
import { createWatermarkEmbedder } from '../../src/engine/watermark/embed-watermark.ts';
import { markFrame } from '../../src/trust/guard/invisible-mark.ts';

const [WIDTH, HEIGHT] = [1280, 720];
const FRAMES = 60;
const ROUNDS = 5;

export interface MarkCost {
  /** Milliseconds a frame of 1280 x 720, median of five rounds. */
  readonly engine: number;
  readonly step: number;
  readonly apart: number;
  readonly wanted: { readonly milliseconds: number; readonly apart: number };
  readonly ok: boolean;
}

export function measureMarkCost(secret: Buffer, strength: number): MarkCost {
  const payload = { installation: '5eed0001', job: 'c0570001' };
  const data = Uint8Array.from({ length: (WIDTH * HEIGHT * 3) / 2 }, (_, at) => 100 + ((at * 7919) % 61));
  const frame: I420Frame = { data, width: WIDTH, height: HEIGHT, colour: { matrix: 'bt709', range: 'limited' } };
  const embedder = createWatermarkEmbedder({ secret, payload, strength });
  const luma = data.subarray(0, WIDTH * HEIGHT);
  const timed = (work: () => void): number => {
    const began = performance.now();
    for (let at = 0; at < FRAMES; at++) work();
    return (performance.now() - began) / FRAMES;
  };
  const ofEngine: number[] = [];
  const ofStep: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const engine = timed(() => embedder.embed(luma, { width: WIDTH, height: HEIGHT }));
    const step = timed(() => markFrame(frame, embedder));
    // The first round warms up.
    if (round > 0) ofEngine.push(engine);
    if (round > 0) ofStep.push(step);
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  const [engine, step] = [median(ofEngine), median(ofStep)];
  const rounded = (value: number): number => Number(value.toFixed(3));
  const apart = Math.abs(step / engine - 1);
  return {
    ...{ engine: rounded(engine), step: rounded(step), apart: rounded(apart) },
    wanted: { milliseconds: 4, apart: 0.15 },
    ok: engine < 4 && apart <= 0.15,
  };
}
