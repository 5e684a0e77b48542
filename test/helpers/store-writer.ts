/**
 * A process of its own that writes to a SQLite store: `store-writer.ts <path> <times>`. Changes `job a`, appends to `shared`
 * and adds to `bytes` so many times, as often as it is told `go`.
 */
import { openSqliteStore } from '../../src/jobs/store/sqlite-store.ts';

const [path = '', times = '1'] = process.argv.slice(2);
const store = openSqliteStore(path);
process.on('message', async () => {
  for (let at = 0; at < Number(times); at++) {
    await store.update('job', 'a', ({ value }) => ({ state: `state-${at % 3}`, value: Number(value) + 1 }));
    await store.append('shared', { process: process.pid, at });
    await store.publish('progress', { at });
    await store.add('bytes', 2);
  }
  process.send?.('done');
});
process.on('disconnect', () => process.exit());
process.send?.('open');
