import type { Backend } from '../backend.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** The same backend, with the ends of jobs that this process brings about counted. It is disposed with the other. */
export const countEnds = (backend: Backend, metrics: ServiceMetrics): Backend => ({
  ...backend,
  [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose](),
  onEnded({ state, error, submittedAt, createdAt, endedAt }) {
    if (state !== 'completed' && state !== 'failed' && state !== 'cancelled') return;
    const seconds = (Date.parse(endedAt ?? createdAt) - Date.parse(submittedAt ?? createdAt)) / 1000;
    metrics.jobEnded(state, error?.code ?? '', Math.max(0, seconds));
  },
});
