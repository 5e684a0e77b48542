/** What was done, with a way back: gone as soon as something else is changed, since undo would take that back instead. */
import { effect } from '@preact/signals';
import { t } from '../i18n/i18n.ts';
import { project } from './document.ts';
import { dropToast, showToast, type Toast } from './toasts.ts';

export interface UndoToast extends Pick<Toast, 'kind' | 'text'> {
  /** Changes that it tells of. */
  readonly steps?: number;
  /** What else could have been meant; what was done is taken back before. */
  readonly instead?: { readonly label: string; readonly run: () => void };
}

/** Right after the change. */
export function showUndoToast({ kind, text, steps = 1, instead }: UndoToast): void {
  const after = project.value.value;
  const undo = (): void => {
    for (let left = steps; left > 0; left--) project.undo();
  };
  const actions = [{ label: t('undo'), run: undo }];
  if (instead) {
    const run = (): void => {
      undo();
      instead.run();
    };
    actions.push({ label: instead.label, run });
  }
  const id = showToast({ kind, text, actions });
  const stop = effect(() => {
    if (project.value.value === after) return;
    // Not in here: what an effect writes, it must not have read.
    queueMicrotask(() => {
      dropToast(id);
      stop();
    });
  });
}
