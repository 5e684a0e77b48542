/** Gauges of this machine's GPUs. */
import { readGpus } from '../../runner/providers/gpu-readings.ts';
import type { StateGauges } from './service-metrics.ts';

/** For `onScrape`. Without nvidia-smi there are none, which costs a failed start of a program at each scrape. */
export function collectGpus(read: typeof readGpus = readGpus): (gauges: StateGauges) => Promise<void> {
  return async ({ gpuUtilisation, gpuMemory }) => {
    for (const { index: gpu, utilisation, usedBytes, totalBytes } of (await read()) ?? []) {
      gpuUtilisation.set({ gpu }, utilisation);
      gpuMemory.set({ gpu, kind: 'used' }, usedBytes);
      gpuMemory.set({ gpu, kind: 'total' }, totalBytes);
    }
  };
}
