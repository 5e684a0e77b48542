import { ERRORS, EXIT } from '../../core/errors.ts';
import { isForPlatform } from '../../engine/providers/provider.ts';
import { PROVIDERS } from '../../engine/providers/registry.ts';
import { attempt, type Check } from '../../runner/doctor/check.ts';
import {
  checkDisk,
  checkEncoders,
  checkFfmpeg,
  checkGpu,
  checkMemory,
  checkModels,
  checkNode,
  checkOnnxRuntime,
} from '../../runner/doctor/checks.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { providerRows, tryProviders } from './providers.ts';

/**
 * Runs every check, tries every execution provider and prints the report. A provider that is not here is no fault.
 * @returns the exit code of the first FAIL, 0 where there is none
 */
export async function runDoctor(terminal: Terminal): Promise<number> {
  const checks: Check[] = [
    await attempt('node', checkNode),
    await attempt('ffmpeg', checkFfmpeg),
    await attempt('encoders', checkEncoders),
    await attempt('models', checkModels),
    await attempt('onnxruntime', checkOnnxRuntime),
    await attempt('disk', checkDisk),
    await attempt('memory', checkMemory),
    await attempt('gpu', checkGpu),
  ];
  const failed = checks.find((check) => check.status === 'FAIL');
  const providers = await tryProviders();
  terminal.result('doctor', { ok: failed === undefined, checks, providers }, () => {
    const lines = formatTable(checks.map(({ status, name, message }) => [status, name, message]));
    lines.forEach((line, index) => {
      terminal.data(line);
      const fix = checks[index]!.fix;
      if (fix !== undefined) terminal.data(`      fix: ${fix}`);
    });
    terminal.data('');
    terminal.data('Execution providers (--execution-providers):');
    for (const line of formatTable(providerRows(providers))) terminal.data(line);
    const helpful = providers.filter(({ id, works }) => !works && isForPlatform(PROVIDERS[id]));
    if (helpful.length > 0) terminal.data('How to get them:');
    for (const line of formatTable(helpful.map(({ id, howToGet = '' }) => [`  ${id}`, howToGet]))) terminal.data(line);
  });
  return failed === undefined ? EXIT.ok : ERRORS[failed.code].exit;
}
