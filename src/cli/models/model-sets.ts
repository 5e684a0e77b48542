import type { OptionMeta } from '../../core/option-meta.ts';
import { processOptionsSchema } from '../../core/options.ts';

/**
 * The models that a name of an option stands for, such as `live_portrait`, each once.
 * @returns `undefined` for a name that stands for none, or for others in another option
 */
export function membersOf(name: string): readonly string[] | undefined {
  const choices = Object.values(processOptionsSchema.shape).flatMap((schema) => {
    const { model } = (schema.meta() ?? {}) as Partial<OptionMeta>;
    return model?.sets?.[name] ? [{ task: model.task, members: model.sets[name] }] : [];
  });
  const isClear = new Set(choices.map(({ task }) => task)).size === 1;
  return isClear ? [...new Set(choices.flatMap(({ members }) => members))] : undefined;
}
