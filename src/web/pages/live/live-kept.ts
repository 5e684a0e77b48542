/** Files that were kept of the sessions of this tab; the service has them as assets. */
import { signal } from '@preact/signals';
import { type TextKey, t } from '../../i18n/i18n.ts';
import { ApiError, type Problem, type Schemas } from '../../state/api.ts';
import { errorLine } from '../../state/error-words.ts';
import { isSnapping } from '../../state/live-now.ts';
import { showToast } from '../../state/toasts.ts';
import { verifyOutput } from '../../state/verdicts.ts';
import { addressOf } from '../../state/view.ts';
import { downloadOutput } from '../result/download.ts';

export type KeptKind = 'snapshot';

/** As the service says it. */
export interface Kept {
  readonly what: KeptKind;
  readonly asset: Schemas['Asset'];
  readonly auditEntry?: number;
}

/** What the service says of what it was asked to keep. */
export type KeptMessage =
  | ({ readonly type: 'kept' } & Kept)
  | { readonly type: 'not-kept'; readonly what: KeptKind; readonly problem: Problem };

/** Newest first. */
export const kept = signal<readonly Kept[]>([]);
/** Older ones leave the list; the service keeps them as long as uploads. */
const MOST_SHOWN = 12;

const TEXTS: Readonly<Record<KeptKind, readonly [isThere: TextKey, isNot: TextKey]>> = {
  snapshot: ['live.snapshot.there', 'live.snapshot.failed'],
};

export function hearKept(message: KeptMessage): void {
  if (message.what === 'snapshot') isSnapping.value = false;
  const [isThere, isNot] = TEXTS[message.what];
  if (message.type === 'not-kept') {
    showToast({ text: t(isNot, { reason: errorLine(new ApiError(message.problem)) }), kind: 'danger' });
    return;
  }
  kept.value = [message, ...kept.value].slice(0, MOST_SHOWN);
  showToast({
    ...{ text: t(isThere), kind: 'success', icon: 'image' },
    actions: [{ label: t('live.kept.download'), run: () => void downloadKept(message) }],
  });
}

const fileOf = ({ asset: { fileName, contentUrl, contentType } }: Kept) => ({
  ...{ name: fileName, url: contentUrl, contentType },
});

export const downloadKept = (one: Kept): Promise<void> => downloadOutput(fileOf(one));

export function verifyKept(one: Kept): void {
  void verifyOutput(fileOf(one));
  location.hash = addressOf('verify');
}
