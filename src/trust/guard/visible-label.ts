/** Every picture of every output carries the labels of the markets that the policy names. */
import { drawLabel } from '../labels/draw-label.ts';
import { makeLabel, type VisibleLabel } from '../labels/visible-label.ts';
import type { TrustStep } from '../trust-step.ts';
import type { RunGuard } from './run-guard.ts';

/** One label a run: its pictures have one size, but for those of a sequence. */
const LABELS = new WeakMap<
  RunGuard,
  { readonly label: VisibleLabel; readonly width: number; readonly height: number }
>();

export const visibleLabel: TrustStep = {
  id: 'visible-label',
  stage: 'mark',
  afterEachFrame(picture, _place, { guard }) {
    const { labels } = guard.installed.policy;
    // A named operator stands for it: the entry is checked before the run, and stands in that of the output.
    if (labels.length === 0 || guard.labelDuty !== undefined) return;
    const { width, height } = picture;
    let made = LABELS.get(guard);
    if (!made || made.width !== width || made.height !== height) {
      LABELS.set(guard, (made = { label: makeLabel(labels, width, height), width, height }));
    }
    drawLabel(made.label, picture);
  },
};
