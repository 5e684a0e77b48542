import type { ExecutionProviderId } from '../../core/execution-providers.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { Execution } from '../../engine/inference/execution.ts';

/** What the sessions of a run use, after `chooseProviders`; before it, `auto` counts as the processor. */
export const executionOf = ({
  executionProviders,
  executionDeviceIds,
}: Pick<ResolvedProcessOptions, 'executionProviders' | 'executionDeviceIds'>): Execution => ({
  providers: executionProviders.map((name): ExecutionProviderId => (name === 'auto' ? 'cpu' : name)),
  deviceId: executionDeviceIds[0]!,
});

/** The options of one of several threads, which take the devices in turn. */
export const onDevice = (options: ResolvedProcessOptions, thread: number): ResolvedProcessOptions => ({
  ...options,
  executionDeviceIds: [options.executionDeviceIds[thread % options.executionDeviceIds.length]!],
});
