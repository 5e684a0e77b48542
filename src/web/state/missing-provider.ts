/** The hardware that was asked for, where this machine does not have it. */
import { computed, signal } from '@preact/signals';
import { api, ask, type Schemas } from './api.ts';
import { optionValue } from './presets.ts';

type Provider = Schemas['System']['providers'][number];
const providers = signal<readonly Provider[]>([]);

/** @throws ApiError */
export async function loadProviders(): Promise<void> {
  ({ providers: providers.value } = await ask(api().GET('/v1/system')));
}

/** Its name; undefined where nothing is missing. `auto` takes what works, and so misses nothing. */
export const missingProvider = computed<string | undefined>(() => {
  const wanted = optionValue('executionProviders');
  if (!Array.isArray(wanted)) return undefined;
  const missing = providers.value.find(({ id, works }) => wanted.includes(id) && !works);
  return missing?.title;
});
