import type { Command } from 'commander';
import type { SignalWatch } from './signals.ts';
import { createTerminal, type Terminal, type TerminalOptions } from './terminal.ts';

/** The values of the flags that every command has, as commander hands them over. */
export interface CommonValues {
  readonly json?: boolean;
  readonly jsonLines?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
}

/** One run of the program: what a command needs from around it, and what is known of it when it fails. */
export interface Session {
  /** Fires at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly withKill: SignalWatch['withKill'];
  /** The command that runs; `undefined` before `open`. */
  readonly command: string | undefined;
  readonly terminal: Terminal;
  /** Called by an action before anything else. */
  open(command: string, values: CommonValues): Terminal;
  /** Exit code of a command that ends without an error; 0 unless `endWith` says otherwise. */
  readonly exitCode: number;
  endWith(exitCode: number): void;
}

const toTerminalOptions = (values: CommonValues): TerminalOptions => ({
  json: values.jsonLines ? 'lines' : values.json ? 'document' : 'none',
  isQuiet: values.quiet ?? false,
  isVerbose: values.verbose ?? false,
  isDebug: values.debug ?? false,
});

/**
 * Creates the session.
 * @param words the command line: it says how to report a mistake in itself, before it could be parsed
 */
export function createSession({ signal, withKill }: SignalWatch, words: readonly string[]): Session {
  const has = (word: string): boolean => words.includes(word);
  let command: string | undefined;
  let exitCode = 0;
  let terminal = createTerminal(
    toTerminalOptions({
      json: has('--json') || has('--json=document'),
      jsonLines: has('--json=lines'),
      debug: has('--debug'),
    }),
  );
  return {
    signal,
    withKill,
    get command() {
      return command;
    },
    get terminal() {
      return terminal;
    },
    get exitCode() {
      return exitCode;
    },
    endWith(code) {
      exitCode = code;
    },
    open(name, values) {
      command = name;
      terminal = createTerminal(toTerminalOptions(values));
      return terminal;
    },
  };
}

const MESSAGES_GROUP = 'Messages:';

/** Adds the flags that every command has. */
export function addCommonFlags(command: Command): Command {
  const add = (flags: string, text: string): void => {
    command.addOption(command.createOption(flags, text).helpGroup(MESSAGES_GROUP));
  };
  add('--json', 'one JSON document on stdout at the end; --json=lines: one JSON event a line while it runs');
  command.addOption(command.createOption('--json-lines').hideHelp());
  add('--quiet', 'errors only');
  add('-v, --verbose', 'say more');
  add('--debug', 'show the stack of an error');
  return command.helpOption('-h, --help', 'show this help');
}
