import type { OptionMeta } from '../../core/option-meta.ts';
import { processOptionsSchema } from '../../core/options.ts';
import { pullModel } from '../../engine/models/pull-model.ts';
import { userModelFolder } from '../../engine/models/user-models.ts';
import type { Terminal } from '../terminal.ts';
import { showKept } from './add.ts';

export interface PullValues {
  readonly mirror?: string;
  readonly modelFolder?: string;
}

/** Downloads models one after the other. @throws see `pullModel`; those before it stay */
export async function pullAll(
  terminal: Terminal,
  names: readonly string[],
  values: PullValues,
  signal: AbortSignal,
): Promise<void> {
  const folder = userModelFolder(values.modelFolder);
  const ids = [...new Set(names.flatMap(membersOf))];
  for (const id of ids) {
    let shown = Number.NEGATIVE_INFINITY;
    const onProgress = (done: number, total: number | undefined): void => {
      const now = performance.now();
      if (now - shown < 100 && done !== total) return;
      shown = now;
      terminal.progress({ type: 'progress', stage: 'download', done, ...(total === undefined ? {} : { total }) });
    };
    const { wasThere } = await pullModel(folder, id, { mirror: values.mirror, signal, onProgress });
    terminal.clear();
    if (wasThere) terminal.say(`${id} was there already, as it is published.`);
  }
  await showKept(terminal, 'models pull', ids, values.modelFolder);
}

/** Some names stand for several files, such as `live_portrait`. One that means others elsewhere stands for none. */
function membersOf(name: string): readonly string[] {
  const choices = Object.values(processOptionsSchema.shape).flatMap((schema) => {
    const { model } = (schema.meta() ?? {}) as Partial<OptionMeta>;
    return model?.sets?.[name] ? [{ task: model.task, members: model.sets[name] }] : [];
  });
  const isClear = new Set(choices.map(({ task }) => task)).size === 1;
  return isClear ? choices.flatMap(({ members }) => members) : [name];
}
