/** Tries one execution provider and ends: `trial-child.ts` starts this file. Drivers may crash here or write to stderr. */
import { AppError } from '../../core/errors.ts';
import { EXECUTION_PROVIDERS } from '../../core/execution-providers.ts';
import { tryProvider } from '../../engine/inference/try-provider.ts';

/** What the trial ends with. */
export type TrialMessage = { readonly milliseconds: number } | { readonly reason: string };

const [name, deviceId] = process.argv.slice(2);
const id = EXECUTION_PROVIDERS.find((known) => known === name);
if (!id || !process.send) throw new AppError('INTERNAL', 'This file runs in a child process that tries a provider.');

process.on('disconnect', () => process.exit());
const message: TrialMessage = await tryProvider(id, Number(deviceId)).catch((error: unknown) => ({
  reason: error instanceof Error ? error.message : String(error),
}));
process.send(message, () => process.disconnect());
