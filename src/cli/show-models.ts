import { AppError } from '../core/errors.ts';
import { defaultModelDirectory } from '../engine/inference/session.ts';
import { readManifest } from '../engine/models/manifest.ts';
import { verifyModelFiles } from '../engine/models/verify.ts';
import { formatBytes, formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Prints the models of this copy. */
export async function showModels(terminal: Terminal): Promise<void> {
  const { models } = await readManifest(defaultModelDirectory());
  terminal.result('models list', { models }, () => {
    const rows = models.map((model) => [
      model.id,
      model.task,
      formatBytes(model.bytes),
      model.licence.tier,
      model.licence.spdx,
      `${model.source.package}@${model.source.version}`,
    ]);
    for (const line of formatTable([['ID', 'TASK', 'SIZE', 'ORIGIN', 'LICENCE', 'SOURCE'], ...rows]))
      terminal.data(line);
  });
}

/**
 * Prints what became of each model file.
 * @throws MODEL_NOT_FOUND or MODEL_CORRUPT, after the report, when a file is not as it should be
 */
export async function verifyModels(terminal: Terminal, signal: AbortSignal): Promise<void> {
  const directory = defaultModelDirectory();
  const verified = await verifyModelFiles(directory, await readManifest(directory), signal);
  const bad = verified.filter(({ status }) => status !== 'ok');
  const report = verified.map(({ entry, status, sha256 }) => ({
    id: entry.id,
    file: entry.file,
    status,
    expected: entry.sha256,
    ...(sha256 === undefined ? {} : { received: sha256 }),
  }));
  if (bad.length === 0) {
    terminal.result('models verify', { models: report }, () => {
      for (const { id } of report) terminal.data(`ok  ${id}`);
      terminal.say(`${report.length} files are as they should be.`);
    });
    return;
  }
  if (terminal.json === 'none') {
    for (const { id, status } of report) terminal.data(`${status === 'ok' ? 'ok ' : status}  ${id}`);
  }
  const isMissing = bad.every(({ status }) => status === 'missing');
  const names = bad.map(({ entry }) => entry.file).join(', ');
  throw new AppError(
    isMissing ? 'MODEL_NOT_FOUND' : 'MODEL_CORRUPT',
    `${bad.length} of ${report.length} model files are missing or damaged: ${names}.`,
    {
      hint: 'In a clone: npm run build:models. Elsewhere: install the package again.',
      details: { models: report.filter(({ status }) => status !== 'ok') },
    },
  );
}
