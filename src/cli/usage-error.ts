import { type Command, CommanderError } from 'commander';
import { AppError, toAppError } from '../core/errors.ts';
import { closest } from '../core/suggest.ts';
import { LONG_ALIASES } from './arguments.ts';

/** Commander's way to say that help or the version was printed. */
const isGoodEnd = (error: CommanderError): boolean => error.exitCode === 0;

/**
 * Turns what the parser threw into the product's error, with the word that was probably meant.
 * @returns `undefined` where the parser only printed help or the version
 */
export function toUsageError(error: unknown, program: Command, words: readonly string[]): AppError | undefined {
  if (!(error instanceof CommanderError)) return toAppError(error);
  if (isGoodEnd(error)) return undefined;
  // The offending word stands between the first and the last quote of commander's message.
  const word = /'(.*)'/s.exec(error.message)?.[1] ?? '';
  const command = findCommand(program, words);
  switch (error.code) {
    case 'commander.unknownOption':
      return withSuggestion(`There is no option ${word} of ${command.name()}.`, word, longFlags(command), command);
    case 'commander.unknownCommand':
      return withSuggestion(`There is no command ${word}.`, word, commandNames(command), command);
    case 'commander.excessArguments': {
      const extra = extraWord(command, words);
      const hasCommands = command.commands.length > 0;
      if (hasCommands) return withSuggestion(`There is no command ${extra}.`, extra, commandNames(command), command);
      const [, expected, received] = /Expected (\d+) arguments? but got (\d+)/.exec(error.message) ?? [];
      return new AppError(
        'OPTION_INVALID',
        `Expected ${expected} ${expected === '1' ? 'argument' : 'arguments'} for ${command.name()}, received ${received}.`,
        { hint: `Paths with spaces need quotes. See: facefusion help ${command.name()}` },
      );
    }
    case 'commander.missingArgument':
      return missing(`Expected <${word}>, received nothing.`, command);
    case 'commander.missingMandatoryOptionValue':
      return missing(`Expected ${word.split(' ').find((part) => part.startsWith('--'))}, received nothing.`, command);
    case 'commander.optionMissingArgument':
      return missing(
        `Expected a value after ${word.split(' ').find((part) => part.startsWith('--')) ?? word}.`,
        command,
      );
    default:
      return new AppError('OPTION_INVALID', error.message.replace(/^error: /, ''), { cause: error });
  }
}

const missing = (message: string, command: Command): AppError =>
  new AppError('OPTION_MISSING', message, { hint: `See: facefusion help ${command.name()}` });

function withSuggestion(message: string, word: string, candidates: readonly string[], command: Command): AppError {
  const near = closest(word.split('=')[0]!, candidates);
  const topic = command.parent === null ? '' : ` ${command.name()}`;
  return new AppError('OPTION_UNKNOWN', message, {
    hint: near === undefined ? `See: facefusion help${topic}` : `Did you mean ${near}?`,
  });
}

/** The command that the words name, as deep as they can be followed. */
export function findCommand(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    if (word.startsWith('-')) break;
    const next = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (next === undefined) break;
    command = next;
  }
  return command;
}

const longFlags = (command: Command): string[] =>
  [...command.options.filter((option) => !option.hidden).map((option) => option.long ?? ''), '--help'].concat(
    command.name() === 'process' || command.name() === 'evaluate' ? Object.keys(LONG_ALIASES) : [],
  );

const commandNames = (command: Command): string[] =>
  command.commands.flatMap((candidate) => [candidate.name(), ...candidate.aliases()]);

/** The first word that follows the name of the command. */
function extraWord(command: Command, words: readonly string[]): string {
  const at = command.parent === null ? 0 : words.indexOf(command.name()) + 1;
  return words.slice(at).find((word) => !word.startsWith('-')) ?? '';
}
