import { pullModel } from '../../engine/models/pull-model.ts';
import { userModelFolder } from '../../engine/models/user-models.ts';
import { formatBytes } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { membersOf } from './model-sets.ts';
import { showKept } from './show-kept.ts';

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
  const ids = [...new Set(names.flatMap((name) => membersOf(name) ?? [name]))];
  for (const id of ids) {
    const onProgress = reportBytes(terminal);
    const { record, wasThere } = await pullModel(folder, id, { mirror: values.mirror, signal, onProgress });
    terminal.clear();
    const words = wasThere ? 'is there already, as it is published' : `downloaded (${formatBytes(record.bytes)})`;
    terminal.say(`${id}: ${words}.`);
  }
  await showKept(terminal, 'models pull', ids, values.modelFolder);
}

/** Ten times a second at most. What was there before says nothing about the speed. */
function reportBytes(terminal: Terminal): (done: number, total: number | undefined) => void {
  let first: { readonly time: number; readonly done: number } | undefined;
  let shown = Number.NEGATIVE_INFINITY;
  return (done, total) => {
    const time = performance.now();
    first ??= { time, done };
    if (time - shown < 100 && done !== total) return;
    shown = time;
    const perSecond = (1000 * (done - first.done)) / (time - first.time);
    terminal.progress({
      ...{ type: 'progress', stage: 'download', done },
      ...(total === undefined ? {} : { total }),
      ...(total !== undefined && perSecond > 0 ? { etaSeconds: Math.max(0, total - done) / perSecond } : {}),
    });
  };
}
