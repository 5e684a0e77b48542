import { ERRORS, EXIT } from '../../core/errors.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { attempt, type Check } from './check.ts';
import {
  checkDisk,
  checkEncoders,
  checkFfmpeg,
  checkMemory,
  checkModels,
  checkNode,
  checkOnnxRuntime,
} from './checks.ts';

/**
 * Runs every check and prints the report.
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
  ];
  const failed = checks.find(({ status }) => status === 'FAIL');
  terminal.result('doctor', { ok: failed === undefined, checks }, () => {
    const lines = formatTable(checks.map(({ status, name, message }) => [status, name, message]));
    lines.forEach((line, index) => {
      terminal.data(line);
      const fix = checks[index]!.fix;
      if (fix !== undefined) terminal.data(`      fix: ${fix}`);
    });
  });
  return failed === undefined ? EXIT.ok : ERRORS[failed.code ?? 'INTERNAL'].exit;
}
