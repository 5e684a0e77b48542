/** Which processors a run needs: for each set of sources, and for each range with settings of its own. */
import type { ResolvedProcessOptions } from '../core/options.ts';
import { MASK_OPTIONS, rangeRuns } from '../core/ranges.ts';
import type { Processor, ProcessorDefinition } from '../engine/processors/processor.ts';
import type { ProcessorChains, RunChains } from '../trust/picture-pass.ts';
import { planPersons, planRanges, setsOfPlan } from './people/source-sets.ts';

/** Makes one processor. @param set index of the sources that it gets */
export type MakeProcessor = (
  definition: ProcessorDefinition,
  options: ResolvedProcessOptions,
  set: number,
) => Promise<Processor>;

/**
 * Makes the processors of a run. Where a range changes nothing that concerns a processor, it shares that of the run, so
 * that nothing is studied twice and what is averaged over time goes on.
 * @param sets how many sets of sources there are, as `sourceSetsOf` counts them
 * @throws what `make` throws
 */
export async function createChains(
  options: ResolvedProcessOptions,
  definitions: readonly ProcessorDefinition[],
  sets: number,
  make: MakeProcessor,
): Promise<RunChains> {
  const made = new Map<string, Processor>();
  const toChains = async (of: ResolvedProcessOptions, used: readonly number[]): Promise<ProcessorChains> => {
    // Also where everybody is kept there may be work on whole frames.
    const needed = used.length > 0 ? used : [sets - 1];
    const chains: (readonly Processor[] | undefined)[] = [];
    for (let set = 0; set < sets; set++) {
      chains.push(needed.includes(set) ? await toChain(of, set) : undefined);
    }
    return chains;
  };
  const toChain = async (of: ResolvedProcessOptions, set: number): Promise<readonly Processor[]> => {
    const chain: Processor[] = [];
    for (const id of of.processors) {
      const definition = definitions.find((candidate) => candidate.id === id);
      if (!definition) continue;
      const key = JSON.stringify([id, set, ...valuesFor(definition, of)]);
      const processor = made.get(key) ?? (await make(definition, of, set));
      made.set(key, processor);
      chain.push(processor);
    }
    return chain;
  };

  const hasMap = options.map.length > 0;
  const everySet = Array.from({ length: sets }, (_, set) => set);
  const plans = hasMap ? planRanges(options) : [];
  const chains = await toChains(options, hasMap ? setsOfPlan(planPersons(options)) : everySet);
  const ranges = [];
  for (const [at, { start, end, options: own }] of rangeRuns(options).entries()) {
    const plan = plans[at]?.plan;
    ranges.push({ start, end, chains: await toChains(own, plan ? setsOfPlan(plan) : everySet) });
  }
  return { chains, ranges };
}

/** What a processor goes by, of all that a range may change. */
const valuesFor = ({ options: own }: ProcessorDefinition, of: ResolvedProcessOptions): readonly unknown[] =>
  [...Object.keys(own), ...MASK_OPTIONS].map((name) => of[name as keyof ResolvedProcessOptions] ?? null);
