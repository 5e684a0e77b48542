/** Many clients that follow one job each, in a process of their own. Told by one message; answers what it has heard. */
import { connect, type Socket } from 'node:net';

export interface StreamOrder {
  readonly port: number;
  readonly count: number;
  readonly jobs: readonly string[];
}
export interface StreamReport {
  readonly open: number;
  readonly refused: number;
  /** Events that were heard since the last report, and how late: milliseconds after their `at`. */
  readonly heard: number;
}

/** Connections that are made at once. */
const AT_ONCE = 100;

let heard = 0;
let refused = 0;
const sockets = new Set<Socket>();

function open(port: number, job: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `GET /v1/jobs/${job}/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`,
      );
    });
    let first = true;
    socket.setEncoding('utf8').on('data', (text: string) => {
      if (first) {
        first = false;
        if (text.startsWith('HTTP/1.1 200')) sockets.add(socket);
        else refused++;
        resolve();
      }
      heard += text.split('\ndata:').length - 1;
    });
    socket.once('error', () => {
      refused++;
      resolve();
    });
    socket.once('close', () => sockets.delete(socket));
  });
}

process.on('message', (message: StreamOrder | 'read') => {
  if (message === 'read') {
    process.send?.({ open: sockets.size, refused, heard } satisfies StreamReport);
    heard = 0;
    return;
  }
  const { port, count, jobs } = message;
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await open(port, jobs[next++ % jobs.length]!);
  };
  void Promise.all(Array.from({ length: AT_ONCE }, worker)).then(() => process.send?.('open'));
});
process.on('disconnect', () => process.exit());
