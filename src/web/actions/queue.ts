/** The queue by keyboard, palette and button. */
import { cancelOne, clearFromList, pauseOrResume, retryOne } from '../panels/queue/job-acts.ts';
import { ended, isPaused, running } from '../state/jobs.ts';
import { notifies, setNotifies } from '../state/notify.ts';
import { listedEnded } from '../state/queue.ts';
import { addressOf, queueOpen } from '../state/view.ts';
import { type Action, defineAction } from './action.ts';

const failed = () => ended.value.filter(({ state }) => state === 'failed');
const finished = () => listedEnded.value.filter(({ state }) => state !== 'failed');

export const toggleQueue = defineAction({
  ...{ id: 'queue.toggle', label: 'queue.toggle', group: 'queue', icon: 'list', keys: ['q'] },
  run: () => {
    queueOpen.value = !queueOpen.value;
  },
});
export const cancelCurrent = defineAction({
  ...{ id: 'queue.cancel', label: 'queue.cancelCurrent', group: 'queue', icon: 'stop', keys: ['Ctrl+.'] },
  disabled: () => (running.value.length === 0 ? 'queue.nothing.running' : undefined),
  run: async () => {
    const [job] = running.value;
    if (job) await cancelOne(job);
  },
});
export const retryFailed = defineAction({
  ...{ id: 'queue.retry', label: 'queue.retryFailed', group: 'queue', icon: 'retry' },
  disabled: () => (failed().length === 0 ? 'queue.nothing.failed' : undefined),
  run: async () => {
    for (const job of failed()) await retryOne(job);
  },
});
export const clearFinished = defineAction({
  ...{ id: 'queue.clear', label: 'queue.clear', group: 'queue' },
  disabled: () => (finished().length === 0 ? 'queue.nothing.finished' : undefined),
  run: () => clearFromList(finished()),
});
export const pauseQueue = defineAction({
  ...{ id: 'queue.pause', label: 'queue.pause', group: 'queue', icon: 'pause' },
  disabled: () => (isPaused.value ? 'queue.paused' : undefined),
  run: () => pauseOrResume(true),
});
export const resumeQueue = defineAction({
  ...{ id: 'queue.resume', label: 'queue.resume', group: 'queue', icon: 'play' },
  disabled: () => (isPaused.value ? undefined : 'queue.notPaused'),
  run: () => pauseOrResume(false),
});
const results = defineAction({
  ...{ id: 'go.results', label: 'queue.results', group: 'go', icon: 'image' },
  run: () => {
    location.hash = addressOf('results');
  },
});
const notify = defineAction({
  ...{ id: 'queue.notify', label: 'notify.on', group: 'queue', icon: 'bell' },
  disabled: () => (notifies.value ? 'notify.already' : undefined),
  run: () => setNotifies(true),
});
const dontNotify = defineAction({
  ...{ id: 'queue.notify.off', label: 'notify.off', group: 'queue', icon: 'bell' },
  disabled: () => (notifies.value ? undefined : 'notify.notOn'),
  run: () => setNotifies(false),
});

export const queueActions: readonly Action[] = [
  ...[toggleQueue, cancelCurrent, retryFailed, clearFinished],
  ...[pauseQueue, resumeQueue],
  ...[results, notify, dontNotify],
];
