import { writeSync } from 'node:fs';
import type { AppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { ProgressEvent } from '../core/progress.ts';
import { createProgressView, type ProgressView } from './progress-view.ts';

/** Version of what `--json` prints. It rises when a field changes its meaning or goes away. */
export const JSON_SCHEMA_VERSION = 1;

/** How a command talks, from the flags that every command has. */
export interface TerminalOptions {
  readonly json: 'none' | 'document' | 'lines';
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isDebug: boolean;
}

/** Something to know although the command goes on. */
export interface TerminalNote {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Data goes to stdout, everything else to stderr. Nothing else in the command line writes to either. */
export interface Terminal extends TerminalOptions {
  readonly logger: Logger;
  /** A line of data on stdout. */
  data(line: string): void;
  /** A line for people; nothing with `--quiet`. */
  say(line?: string): void;
  note(note: TerminalNote): void;
  progress(event: ProgressEvent): void;
  /**
   * The command's outcome: with `--json` one document, with `--json=lines` a last event; else `asText` says it.
   * @param command the command's name, part of the document
   */
  result(command: string, document: Readonly<Record<string, unknown>>, asText: () => void): void;
  /** The end of a failed command, in the same three forms. */
  failure(command: string, error: AppError): void;
  /** Takes the progress bar away, before anything else is written and at the end. */
  clear(): void;
}

/** Writes all of it at once, so that nothing is lost when the process ends right after; a closed reader is no error. */
export function writeTo(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') return;
      // The reader of a non-blocking pipe is slow: try again.
      if (code !== 'EAGAIN') throw error;
    }
  }
}

/** NO_COLOR and dumb terminals are respected; see https://no-color.org. */
const usesColour = (): boolean => process.stderr.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** Creates the terminal of one command. */
export function createTerminal(options: TerminalOptions): Terminal {
  const isTty = process.stderr.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI;
  const colour = usesColour();
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const view: ProgressView = createProgressView({
    isTty,
    columns: () => process.stderr.columns ?? 80,
    write: (text) => writeTo(2, text),
  });
  const line = (text: string): void => {
    view.clear();
    writeTo(2, `${text}\n`);
  };
  const event = (value: Readonly<Record<string, unknown>>): void => writeTo(1, `${JSON.stringify(value)}\n`);
  const verbose = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    if (options.isVerbose) line(paint(2, `${message}${fields ? ` ${JSON.stringify(fields)}` : ''}`));
  };
  const end = (type: string, command: string, document: Readonly<Record<string, unknown>>): void => {
    const head = { schemaVersion: JSON_SCHEMA_VERSION, command };
    if (options.json === 'lines') event({ type, ...head, ...document });
    else writeTo(1, `${JSON.stringify({ ...head, ...document }, null, 2)}\n`);
  };

  return {
    ...options,
    logger: { debug: verbose, info: verbose, warn: (message) => line(`${paint(33, 'warning:')} ${message}`) },
    data(text) {
      view.clear();
      writeTo(1, `${text}\n`);
    },
    say(text = '') {
      if (!options.isQuiet) line(text);
    },
    note(note) {
      if (options.json === 'lines') event({ type: 'note', ...note });
      if (options.isQuiet) return;
      line(`${paint(33, `note[${note.code}]:`)} ${note.message}`);
      if (note.hint) line(`${paint(2, 'hint:')} ${note.hint}`);
    },
    progress(progress) {
      if (options.json === 'lines') event({ ...progress });
      if (!options.isQuiet && !(isTty && options.json === 'lines' && process.stdout.isTTY)) view.show(progress);
    },
    result(command, document, asText) {
      view.clear();
      if (options.json === 'none') asText();
      else end('completed', command, { ok: true, ...document });
    },
    failure(command, error) {
      view.clear();
      if (options.json !== 'none') end('failed', command, { ok: false, error: error.toJSON() });
      line(`${paint(31, `error[${error.code}]:`)} ${error.message}`);
      if (error.hint) line(`${paint(36, 'hint:')} ${error.hint}`);
      line(`docs: docs/errors.md#${error.code}`);
      if (options.isDebug) line(stackOf(error));
      else if (error.code === 'INTERNAL') line('Run the same command with --debug for the details to report.');
    },
    clear: () => view.clear(),
  };
}

/** The stack, with the stacks of its causes below. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const below = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${below}`;
}
