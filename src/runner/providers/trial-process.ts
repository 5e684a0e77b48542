/** Tries execution providers, one after another, and ends: `trial-child.ts` starts this file. Drivers may crash here or write to stderr. */
import { AppError } from '../../core/errors.ts';
import { EXECUTION_PROVIDERS, type ExecutionProviderId } from '../../core/execution-providers.ts';
import { tryProvider } from '../../engine/inference/try-provider.ts';

/** What the trial of one ends with. */
export type TrialMessage = { readonly id: ExecutionProviderId } & (
  | { readonly milliseconds: number }
  | { readonly reason: string }
);

const [deviceId, ...names] = process.argv.slice(2);
const ids = names.flatMap((name) => EXECUTION_PROVIDERS.find((known) => known === name) ?? []);
if (ids.length === 0 || !process.send) {
  throw new AppError('INTERNAL', 'This file runs in a child process that tries providers.');
}

const send = (message: TrialMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

process.on('disconnect', () => process.exit());
for (const id of ids) {
  // What drivers write is told apart by it: both are written at once, in order.
  process.stderr.write(`\n${id}\n`);
  const outcome = await tryProvider(id, Number(deviceId)).catch((error: unknown) => ({
    reason: error instanceof Error ? error.message : String(error),
  }));
  // Until it has gone: a driver may end the process with the next one.
  await send({ id, ...outcome });
}
process.disconnect();
