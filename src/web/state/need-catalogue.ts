import { loadCatalogue, optionSpecs } from './catalogue.ts';

/** Has presets and options loaded, where nobody has before: without them jobs are told with fewer words. */
export function needCatalogue(): void {
  if (optionSpecs.value.length === 0) loadCatalogue().catch(() => undefined);
}
