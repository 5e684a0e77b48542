/** What `facefusion doctor` says of the machine that answers, kept for a while: providers are tried in processes. */
import { attempt, type Check } from '../../runner/doctor/check.ts';
import {
  checkDisk,
  checkEncoders,
  checkFfmpeg,
  checkGpu,
  checkMemory,
  checkModels,
  checkNode,
} from '../../runner/doctor/checks.ts';
import { type ProviderReport, tryProviders } from '../../runner/doctor/try-providers.ts';

const KEEP_MS = 10 * 60_000;

export interface MachineReport {
  readonly checks: Check[];
  readonly providers: ProviderReport[];
}

/** Several who ask at once get one look. ONNX Runtime is tried with the providers, never in this process. */
export function createMachineReport(now: () => number = Date.now): () => Promise<MachineReport> {
  let known: { readonly until: number; readonly report: Promise<MachineReport> } | undefined;
  return () => {
    if (known && known.until > now()) return known.report;
    const report = look();
    known = { until: now() + KEEP_MS, report };
    report.catch(() => {
      known = undefined;
    });
    return report;
  };
}

async function look(): Promise<MachineReport> {
  const checks = [
    await attempt('node', checkNode),
    await attempt('ffmpeg', checkFfmpeg),
    await attempt('encoders', checkEncoders),
    await attempt('models', checkModels),
    await attempt('disk', checkDisk),
    await attempt('memory', checkMemory),
    await attempt('gpu', checkGpu),
  ];
  return { checks, providers: await tryProviders() };
}
