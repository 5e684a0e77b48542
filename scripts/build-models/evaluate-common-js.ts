import { runInNewContext } from 'node:vm';

/**
 * Runs a CommonJS file in an empty context and gives what it exports. The caller has checked the file's hash, so what
 * runs is known.
 */
export function evaluateCommonJs(file: Uint8Array): unknown {
  const module: { exports: unknown } = { exports: {} };
  runInNewContext(new TextDecoder().decode(file), { module, exports: module.exports });
  return module.exports;
}
