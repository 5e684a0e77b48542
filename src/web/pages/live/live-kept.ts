/** Files that were kept of the sessions of this tab; the service has them as assets. */
import { signal } from '@preact/signals';
import { type TextKey, t } from '../../i18n/i18n.ts';
import { ApiError, api, ask, type Problem, type Schemas } from '../../state/api.ts';
import { errorLine } from '../../state/error-words.ts';
import { isSnapping, recording } from '../../state/live-now.ts';
import { showToast } from '../../state/toasts.ts';
import { verifyOutput } from '../../state/verdicts.ts';
import { addressOf } from '../../state/view.ts';
import { downloadOutput } from '../result/download.ts';

export type KeptKind = 'snapshot' | 'recording';

/** As the service says it. */
export interface Kept {
  readonly what: KeptKind;
  readonly asset: Schemas['Asset'];
  readonly auditEntry?: number;
}

/** What the service says of what it was asked to keep. */
export type KeptMessage =
  | { readonly type: 'recording'; readonly mostSeconds: number }
  | ({ readonly type: 'kept' } & Kept)
  | { readonly type: 'not-kept'; readonly what: KeptKind; readonly problem: Problem };

/** Newest first. */
export const kept = signal<readonly Kept[]>([]);
/** Older ones leave the list; the service keeps them as long as uploads. */
const MOST_SHOWN = 12;

const TEXTS: Readonly<Record<KeptKind, readonly [isThere: TextKey, isNot: TextKey]>> = {
  snapshot: ['live.snapshot.there', 'live.snapshot.failed'],
  recording: ['live.recording.there', 'live.recording.failed'],
};

export function hearKept(message: KeptMessage): void {
  if (message.type === 'recording') {
    recording.value = { state: 'on', since: performance.now(), mostSeconds: message.mostSeconds };
    return;
  }
  if (message.what === 'snapshot') isSnapping.value = false;
  else recording.value = { state: 'off' };
  const [isThere, isNot] = TEXTS[message.what];
  if (message.type === 'not-kept') {
    showToast({ text: t(isNot, { reason: errorLine(new ApiError(message.problem)) }), kind: 'danger' });
    return;
  }
  kept.value = [message, ...kept.value].slice(0, MOST_SHOWN);
  showToast({
    ...{ text: t(isThere), kind: 'success', icon: iconOf(message) },
    actions: [{ label: t('live.kept.download'), run: () => void downloadKept(message) }],
  });
}

export const iconOf = ({ what }: Kept): 'image' | 'film' => (what === 'snapshot' ? 'image' : 'film');

/** Milliseconds between looks for a recording whose session broke off, and for which it may take to be there. */
const LOOK_MS = 2000;
const PATIENCE_MS = 120_000;

/** The service completes a recording when the line is gone, and cannot say so: it is among the uploads then. @param job of its session */
export async function findRecording(job: string): Promise<void> {
  recording.value = { state: 'off' };
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    // The service may be gone, too, for a while.
    const { assets } = await ask(api().GET('/v1/assets', { params: { query: { limit: 20 } } })).catch(() => ({
      assets: [],
    }));
    const asset = assets.find(({ fileName }) => fileName.startsWith(`recording-${job}-`));
    if (asset && kept.value.every((one) => one.asset.id !== asset.id)) {
      hearKept({ type: 'kept', what: 'recording', asset });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  showToast({ text: t('live.recording.lost'), kind: 'warning' });
}

const fileOf = ({ asset: { fileName, contentUrl, contentType } }: Kept) => ({
  ...{ name: fileName, url: contentUrl, contentType },
});

export const downloadKept = (one: Kept): Promise<void> => downloadOutput(fileOf(one));

export function verifyKept(one: Kept): void {
  void verifyOutput(fileOf(one));
  location.hash = addressOf('verify');
}
