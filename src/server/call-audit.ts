/**
 * Every call that changes something, and every download, as an entry of the audit log. Entries are gathered for a moment
 * and written together: each write waits for the disk.
 */
import type { Logger } from '../core/logger.ts';
import { openInstallation } from '../runner/persons/installation.ts';
import type { AuditEvent } from '../trust/audit/audit-entry.ts';
import type { AuditLog } from '../trust/audit/audit-log.ts';

/** Milliseconds for which entries are gathered; what is lost when the process is killed. */
const GATHER_MILLISECONDS = 200;
/** Milliseconds until a log that could not be written is tried again. */
const AGAIN_MILLISECONDS = 1_000;
/** Entries that wait while the log cannot be written, before calls are refused. */
const MOST_WAITING = 10_000;

export interface CallAudit extends AsyncDisposable {
  record(event: AuditEvent): void;
  /** Whether no more calls may be made: the log has not been written for long. */
  readonly isFull: boolean;
  /** Whether the last write went well. */
  readonly isWell: boolean;
}

/** Creates it; the log is opened with its first entry. Disposing writes what is left. */
export function createCallAudit(logger: Logger, open: () => Promise<AuditLog> = openOwn): CallAudit {
  let log: Promise<AuditLog> | undefined;
  let waiting: AuditEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let isWell = true;
  let isClosed = false;

  const write = async (): Promise<void> => {
    let batch = waiting;
    waiting = [];
    try {
      log ??= open();
      const { append } = await bind(log);
      const results = await Promise.allSettled(batch.map(append));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) {
        // Those that were written are.
        batch = batch.filter((_event, at) => results[at]?.status === 'rejected');
        throw failed.reason;
      }
      isWell = true;
    } catch (error) {
      log = undefined;
      waiting = [...batch, ...waiting];
      if (isWell) logger.warn('calls could not be written to the audit log', { reason: String(error) });
      isWell = false;
    }
  };
  const schedule = (): void => {
    if (timer !== undefined || writing !== undefined || isClosed || waiting.length === 0) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        writing = write().finally(() => {
          writing = undefined;
          schedule();
        });
      },
      isWell ? GATHER_MILLISECONDS : AGAIN_MILLISECONDS,
    );
  };

  return {
    record(event) {
      waiting.push(event);
      schedule();
    },
    get isFull() {
      return waiting.length >= MOST_WAITING;
    },
    get isWell() {
      return isWell;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      clearTimeout(timer);
      await writing;
      if (waiting.length > 0) await write();
    },
  };
}

const openOwn = async (): Promise<AuditLog> => (await openInstallation()).audit;

async function bind(log: Promise<AuditLog>): Promise<{ append: (event: AuditEvent) => Promise<unknown> }> {
  const opened = await log;
  return { append: (event) => opened.append(event) };
}
