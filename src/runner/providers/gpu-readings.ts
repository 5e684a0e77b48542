/** How busy NVIDIA GPUs are, by nvidia-smi where it is installed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface GpuReading {
  /** As nvidia-smi counts them, from 0. */
  readonly index: string;
  /** As nvidia-smi calls it; empty where it does not say. */
  readonly name: string;
  /** 0..1 */
  readonly utilisation: number;
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** A driver that hangs must not hold up whoever asks. */
const TIMEOUT_MS = 5000;
const QUERY = ['--query-gpu=index,utilization.gpu,memory.used,memory.total,name', '--format=csv,noheader,nounits'];
/** nvidia-smi counts memory in these. */
const MEBIBYTE = 1024 ** 2;

/** @returns undefined where there is no nvidia-smi, or it fails: a machine without a GPU is no error */
export async function readGpus(program = 'nvidia-smi'): Promise<readonly GpuReading[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, QUERY, { timeout: TIMEOUT_MS });
    return parseGpus(stdout);
  } catch {
    return undefined;
  }
}

/** Reads the table that nvidia-smi prints. Values it does not know (`[N/A]`) leave the line out. */
export function parseGpus(text: string): GpuReading[] {
  return text
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .flatMap(([index, busy, used, total, name = '']) => {
      const [utilisation, usedBytes, totalBytes] = [
        Number(busy) / 100,
        Number(used) * MEBIBYTE,
        Number(total) * MEBIBYTE,
      ];
      if (!index || ![utilisation, usedBytes, totalBytes].every(Number.isFinite)) return [];
      return [{ index, name: name === '[N/A]' ? '' : name, utilisation, usedBytes, totalBytes }];
    });
}
