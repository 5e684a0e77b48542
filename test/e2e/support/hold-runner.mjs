/** Loaded with `--import` by every node process of a run that `holdRunner` watches. */
import { existsSync, writeFileSync } from 'node:fs';

const { FACEFUSION_TEST_HOLD: file, FACEFUSION_TEST_HOLD_AT: at } = process.env;

if (file && at && process.send && process.argv[1]?.includes('runner-process')) {
  /** A number of frames that are done, or words of the log. */
  const isMoment = Number.isNaN(Number(at))
    ? (message) => message.type === 'log' && message.message === at
    : (message) => message.type === 'progress' && message.stage === 'process' && message.done >= Number(at);
  const send = process.send;
  process.send = (message, ...more) => {
    const isSent = send.call(process, message, ...more);
    if (!isMoment(message)) return isSent;
    process.send = send;
    if (existsSync(`${file}.once`)) return isSent;
    writeFileSync(`${file}.once`, '');
    writeFileSync(file, '');
    const cell = new Int32Array(new SharedArrayBuffer(4));
    // Bounded, so that nothing stays when the test that held it is gone.
    for (let look = 0; look < 6_000 && existsSync(file); look++) Atomics.wait(cell, 0, 0, 10);
    return isSent;
  };
}
