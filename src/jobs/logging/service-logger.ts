/** What a service or a worker says, as one JSON object a line on stderr: for whatever collects logs. */
import { hostname } from 'node:os';
import { pino } from 'pino';
import type { Logger } from '../../core/logger.ts';

export interface ServiceLoggerOptions {
  /** `facefusion-worker`. */
  readonly service: string;
  readonly level: 'debug' | 'info' | 'warn';
  /** Default: stderr. */
  readonly write?: ((line: string) => void) | undefined;
}

/** Written at once: what was said last is there also where the process is killed. */
export function createServiceLogger({ service, level, write }: ServiceLoggerOptions): Logger {
  const log = pino(
    {
      level,
      base: { service, host: hostname(), pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (name) => ({ level: name }) },
      messageKey: 'message',
    },
    write ? { write } : pino.destination({ dest: 2, sync: true }),
  );
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
}
