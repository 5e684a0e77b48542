/** Finds out whether an execution provider works on this machine, and how fast it is. */
import type { ExecutionProviderId } from '../../core/execution-providers.ts';
import { providerOptions } from './execution.ts';

/**
 * An ONNX file of four 3x3 convolutions with 64 channels at 128 x 128, about 4.8 GFLOP, whose weights are made while it
 * is loaded: each output is the mean of its inputs, so that ones stay ones away from the border. Its sizes are fixed,
 * which some providers ask for. `try-provider.test.ts` shows how it was written.
 */
export const TRIAL_GRAPH = [
  'CAgSCmZhY2VmdXNpb246mQMKLQoCYzASAnQwGhJDb25zdGFudE9mU2hhcGVfdDAiD0NvbnN0YW50T2ZTaGFwZQoZCgJ0MAoC',
  'YzESAnQxGgZBZGRfdDEiA0FkZAoxCgVpbnB1dAoCdDESAnQyGgdDb252X3QyIgRDb252KhEKBHBhZHNAAUABQAFAAaABBwou',
  'CgJ0MgoCdDESAnQzGgdDb252X3QzIgRDb252KhEKBHBhZHNAAUABQAFAAaABBwouCgJ0MwoCdDESAnQ0GgdDb252X3Q0IgRD',
  'b252KhEKBHBhZHNAAUABQAFAAaABBwoyCgJ0NAoCdDESBm91dHB1dBoHQ29udl90NSIEQ29udioRCgRwYWRzQAFAAUABQAGg',
  'AQcSBWdyYXBoKioIBBAHQgJjMEogQAAAAAAAAABAAAAAAAAAAAMAAAAAAAAAAwAAAAAAAAAqDBABQgJjMUoEOY7jOlohCgVp',
  'bnB1dBIYChYIARISCgIIAQoCCEAKAwiAAQoDCIABYiIKBm91dHB1dBIYChYIARISCgIIAQoCCEAKAwiAAQoDCIABQgQKABAR',
].join('');
const SHAPE = [1, 64, 128, 128];
/** Away from the border by more than four convolutions reach. */
const CENTRE = 64 * 128 + 64;
/** Half floats inside a provider may cost so much. */
const TOLERANCE = 0.01;
/** The first run compiles and allocates. */
const RUNS = 3;

/** What a trial found. */
export interface ProviderTrial {
  /** Of the fastest run after the first, in milliseconds. */
  readonly milliseconds: number;
}

/**
 * Opens a session on one provider, with nothing to fall back to, and runs it. Native code of drivers takes part: call
 * it in a process that may die and whose stderr nobody reads as the product's.
 * @param cacheRoot see `providerCacheRoot`
 * @throws what ONNX Runtime says
 */
export async function tryProvider(id: ExecutionProviderId, deviceId = 0, cacheRoot?: string): Promise<ProviderTrial> {
  const ort = await import('onnxruntime-node');
  const execution = { providers: [id], deviceId, ...(cacheRoot === undefined ? {} : { cacheRoot }) };
  const session = await ort.InferenceSession.create(Buffer.from(TRIAL_GRAPH, 'base64'), {
    ...(await providerOptions(execution, ort.env.versions.node ?? 'unknown', false)),
    logSeverityLevel: 3,
    // Without this the processor would do the work and the trial would prove nothing.
    ...(id === 'cpu' ? {} : { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  });
  try {
    const input = new ort.Tensor('float32', new Float32Array(SHAPE.reduce((a, b) => a * b, 1)).fill(1), SHAPE);
    let milliseconds = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      const { output } = await session.run({ input });
      if (run > 0) milliseconds = Math.min(milliseconds, performance.now() - start);
      const centre = Number(output?.data[CENTRE]);
      if (!(Math.abs(centre - 1) < TOLERANCE)) throw new Error(`It computes wrongly: expected 1, received ${centre}.`);
    }
    return { milliseconds };
  } finally {
    await session.release();
  }
}
