import { AppError, toAppError } from '../../core/errors.ts';
import { defaultModelDirectory } from '../../engine/inference/session.ts';
import { readManifest } from '../../engine/models/manifest.ts';
import { readUserModels, userModelFolder } from '../../engine/models/user-models.ts';
import { verifyModelFiles } from '../../engine/models/verify.ts';
import { verifyUserModel } from '../../engine/models/verify-user-model.ts';
import type { Terminal } from '../terminal.ts';

interface Verified {
  readonly id: string;
  readonly file: string;
  readonly status: 'ok' | 'missing' | 'corrupt' | 'unreadable';
  readonly expected: string;
  readonly received?: string;
  readonly isBuiltIn: boolean;
}

/**
 * Prints what became of each model file, of this copy and of the user.
 * @throws MODEL_NOT_FOUND or MODEL_CORRUPT, after the report, when a file is not as it should be
 */
export async function verifyModels(
  terminal: Terminal,
  modelFolder: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const report = [...(await verifyBuiltIn(signal)), ...(await verifyAdded(userModelFolder(modelFolder), signal))];
  const bad = report.filter(({ status }) => status !== 'ok');
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
  const names = bad.map(({ file }) => file).join(', ');
  const hints = [
    ...(bad.some(({ isBuiltIn }) => isBuiltIn)
      ? ['In a clone: npm run build:models. Elsewhere: install the package again.']
      : []),
    ...bad.filter(({ isBuiltIn }) => !isBuiltIn).map(({ id }) => `Add it again: facefusion models add ${id} FILE`),
  ];
  throw new AppError(
    isMissing ? 'MODEL_NOT_FOUND' : 'MODEL_CORRUPT',
    `${bad.length} of ${report.length} model files are missing or damaged: ${names}.`,
    { hint: hints.join('\n      '), details: { models: bad } },
  );
}

async function verifyBuiltIn(signal: AbortSignal): Promise<Verified[]> {
  const directory = defaultModelDirectory();
  const verified = await verifyModelFiles(directory, await readManifest(directory), signal);
  return verified.map(({ entry, status, sha256 }) => ({
    ...{ id: entry.id, file: entry.file, status, expected: entry.sha256, isBuiltIn: true },
    ...(sha256 === undefined ? {} : { received: sha256 }),
  }));
}

async function verifyAdded(folder: string, signal: AbortSignal): Promise<Verified[]> {
  const verified: Verified[] = [];
  for (const user of await readUserModels(folder)) {
    const { id, record } = user;
    const common = { id, file: record.file, expected: record.sha256, isBuiltIn: false };
    try {
      await verifyUserModel(user, signal);
      verified.push({ ...common, status: 'ok' });
    } catch (error) {
      const { code, details } = toAppError(error);
      if (code === 'CANCELLED' || code === 'INTERNAL') throw error;
      const status = code === 'MODEL_NOT_FOUND' ? 'missing' : code === 'MODEL_CORRUPT' ? 'corrupt' : 'unreadable';
      const received = details?.received;
      verified.push({ ...common, status, ...(typeof received === 'string' ? { received } : {}) });
    }
  }
  return verified;
}
