import { describe, expect, it } from 'vitest';
import { parseGpus, readGpus } from './gpu-readings.ts';

describe('readings of GPUs', () => {
  it('reads the table of nvidia-smi, in ratios and bytes', () => {
    expect(parseGpus('0, 37, 1024, 24576, NVIDIA L4\n1, 0, 3, 24576, [N/A]\n')).toEqual([
      { index: '0', name: 'NVIDIA L4', utilisation: 0.37, usedBytes: 1024 ** 3, totalBytes: 24 * 1024 ** 3 },
      { index: '1', name: '', utilisation: 0, usedBytes: 3 * 1024 ** 2, totalBytes: 24 * 1024 ** 3 },
    ]);
  });

  it('leaves out what a GPU does not say', () => {
    expect(parseGpus('0, [N/A], 1024, 24576, NVIDIA L4\n')).toEqual([]);
    expect(parseGpus('')).toEqual([]);
  });

  it('is nothing where there is no such program, or it fails', async () => {
    expect(await readGpus('/nonexistent/nvidia-smi')).toBeUndefined();
    expect(await readGpus('false')).toBeUndefined();
  });
});
