import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { AppError } from '../core/errors.ts';
import { closest } from '../core/suggest.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addBlocklistCommand } from './commands/blocklist.ts';
import { addCallbacksCommand } from './commands/callbacks.ts';
import { addConsentCommand } from './commands/consent.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEvaluateCommand } from './commands/evaluate.ts';
import { addFacesCommand } from './commands/faces.ts';
import { addJobsCommands } from './commands/jobs.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addLabelDutyCommand } from './commands/label-duty.ts';
import { addModelsCommand } from './commands/models.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addPostCommand } from './commands/post.ts';
import { addPresetsCommand } from './commands/presets.ts';
import { addServeCommand } from './commands/serve.ts';
import { addUiCommand } from './commands/ui.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addWorkerCommand } from './commands/worker.ts';
import { HELP_TOPICS, SHORT_HELP } from './help-topics.ts';
import type { Session } from './session.ts';
import { writeTo } from './terminal.ts';

/** Version of this package. */
export function readVersion(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

/** Declares one command. */
export type AddCommand = (program: Command, session: Session) => void;

/**
 * Declares every command. Nothing heavy is imported until an action runs.
 * @param addRuns `addRunCommands`, or `addRunHeads` where the flags of `process` and `preview` are not needed
 * Errors of the command line itself come out of `parseAsync` as commander's; see `usage-error.ts`.
 */
export function createProgram(session: Session, addRuns: AddCommand): Command {
  const program = new Command('facefusion');
  program
    .description('Face manipulation for photos and videos: runs offline, on models whose licences are known.')
    .usage('<command> [options]')
    .version(readVersion(), '-v, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => writeTo(1, text), writeErr: () => {}, outputError: () => {} })
    .addHelpText('after', describeTopics)
    .action(() => writeTo(1, `${SHORT_HELP}\n`));

  addRuns(program, session);
  addFacesCommand(program, session);
  addEvaluateCommand(program, session);
  addPostCommand(program, session);
  addJobsCommands(program, session);
  addDemoCommand(program, session);
  addDoctorCommand(program, session);
  addPresetsCommand(program, session);
  addModelsCommand(program, session);
  addPolicyCommand(program, session);
  addKeysCommand(program, session);
  addBlocklistCommand(program, session);
  addConsentCommand(program, session);
  addAuditCommand(program, session);
  addLabelDutyCommand(program, session);
  addVerifyCommand(program, session);
  addUiCommand(program, session);
  addServeCommand(program, session);
  addCallbacksCommand(program, session);
  addWorkerCommand(program, session);
  program
    .command('help')
    .argument('[topic...]', 'a command or a topic')
    .summary('help on a command or a topic')
    .description('Shows the help of a command, or a topic.')
    .helpGroup('System:')
    .helpOption('-h, --help', 'show this help')
    .action((words: string[]) => showHelp(program, words));
  return program;
}

const describeTopics = (): string =>
  `\nTopics (facefusion help <topic>):\n${Object.entries(HELP_TOPICS)
    .map(([name, topic]) => `  ${name.padEnd(22)}${topic.summary}`)
    .join('\n')}`;

function showHelp(program: Command, words: readonly string[]): void {
  const topic = HELP_TOPICS[words.join(' ')];
  if (topic !== undefined) {
    writeTo(1, `${topic.text()}\n`);
    return;
  }
  let command = program;
  for (const word of words) {
    const next = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (next === undefined) throw unknownTopic(program, word);
    command = next;
  }
  command.outputHelp();
}

function unknownTopic(program: Command, word: string): AppError {
  const names = [...program.commands.map((command) => command.name()), ...Object.keys(HELP_TOPICS)];
  const near = closest(word, names);
  return new AppError('OPTION_UNKNOWN', `There is no help on ${word}.`, {
    hint: near === undefined ? `Topics: ${names.join(', ')}` : `Did you mean ${near}?`,
  });
}
