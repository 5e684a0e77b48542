/**
 * A worker in a process of its own, to be killed and frozen: `queue-worker-child.ts <kind> <place>`. It says what happens in
 * lines of JSON, and ends when its standard input does.
 * A task of kind `hold` is kept until the process is told to let go; any other is done at once.
 */
import { once } from 'node:events';
import { COMMON_LANE } from '../../src/jobs/queue/lanes.ts';
import { openQueue, QUEUE_KINDS } from './queue-adapters.ts';

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const [kindWord, place = ''] = process.argv.slice(2);
const kind = QUEUE_KINDS.find((name) => name === kindWord);
if (!kind) throw new Error(`Expected one of ${QUEUE_KINDS.join(', ')}, received ${kindWord}.`);

await using queue = await openQueue(kind, place);
const letGo = once(process.stdin, 'data');
await using worker = queue.work({
  lanes: () => [COMMON_LANE],
  concurrency: 1,
  handler: async ({ task, number, signal }) => {
    signal.addEventListener('abort', () => say({ event: 'aborted', task: task.id, reason: signal.reason }));
    say({ event: 'begun', task: task.id, number });
    if (task.kind === 'hold') await letGo;
    say({ event: 'done', task: task.id });
    return { by: process.pid };
  },
});
say({ event: 'ready' });
await once(process.stdin.resume(), 'end');
await worker.close();
