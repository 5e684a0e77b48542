#!/usr/bin/env node
/** Entry of the command line: parse, run one command, end with its exit code. */
import { normaliseArguments } from './arguments.ts';
import { addRunHeads, RUN_NAMES } from './commands/run-heads.ts';
import { createProgram } from './program.ts';
import { createSession } from './session.ts';
import { watchSignals } from './signals.ts';
import { findCommand, toUsageError } from './usage-error.ts';

const words = process.argv.slice(2);
const signals = watchSignals();
const session = createSession(signals, words);
const needsFlags = words.some((word) => RUN_NAMES.includes(word));
const addRuns = needsFlags ? (await import('./commands/run-commands.ts')).addRunCommands : addRunHeads;
const program = createProgram(session, addRuns);

let exitCode: number | undefined;
try {
  await program.parseAsync(normaliseArguments(words), { from: 'user' });
} catch (thrown) {
  const error = toUsageError(thrown, program, words);
  if (error !== undefined) {
    session.terminal.failure(session.command ?? findCommand(program, words).name(), error);
    exitCode = error.code === 'CANCELLED' ? (signals.exitCode ?? error.exitCode) : error.exitCode;
  }
}
session.terminal.clear();
process.exit(exitCode ?? session.exitCode);
