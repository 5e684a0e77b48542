import { ERRORS, EXIT } from '../core/errors.ts';

/** What `facefusion` alone prints. */
export const SHORT_HELP = `FaceFusion: face manipulation for photos and videos, offline.

Examples:
  facefusion demo
  facefusion process --source me.jpg --target holiday.jpg --output result.jpg
  facefusion process --source me.jpg me2.jpg --target film.mp4 --output result.mp4 --processors face_swapper

Commands: process, preview, faces, evaluate, demo, doctor, presets, models, policy, blocklist, consent, audit, verify, help
Every option of a command: facefusion help process    Exit codes: facefusion help exit-codes`;

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'done',
  bug: 'a fault in FaceFusion itself',
  usage: 'the command line is wrong',
  input: 'an input cannot be used',
  noFace: 'no matching face',
  model: 'a model is missing or damaged',
  provider: 'the machine lacks something: Node, ffmpeg, an encoder, an execution provider',
  output: 'the output cannot be written',
  policy: 'blocked by policy',
  partialBatch: 'some runs of a batch failed',
  interrupted: 'interrupted (Ctrl-C)',
  terminated: 'terminated (SIGTERM)',
};

/** The exit codes with the error codes that lead to each; equals the table of `core/errors.ts` by construction. */
function exitCodesTopic(): string {
  const lines = (Object.entries(EXIT) as [keyof typeof EXIT, number][]).map(([name, exit]) => {
    const codes = Object.entries(ERRORS).flatMap(([code, row]) => (row.exit === exit ? [code] : []));
    const list = codes.length === 0 ? '' : `\n       ${wrap(codes, 70).join('\n       ')}`;
    return `${String(exit).padStart(5)}  ${EXIT_MEANINGS[name]}${list}`;
  });
  return `Exit codes, with the error codes that end with each:\n\n${lines.join('\n')}\n\nMeaning of every code: docs/errors.md`;
}

function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const JSON_TOPIC = `Output for programs:

Data goes to stdout, everything else to stderr, so that progress never mixes with data.

--json        one document at the end: schemaVersion, command, ok, then the result, or error with code, message, hint
--json=lines  one event a line while it runs; the last one is completed or failed:
                {"type":"progress","stage":"process","done":45,"total":250,"fps":23.1,"etaSeconds":8.9}
                {"type":"note","code":"source-turned","message":"…"}
                {"type":"completed","schemaVersion":1,"command":"process","ok":true,…}

schemaVersion rises when a field changes its meaning or goes away; new fields may come at any time.`;

const SIGNALS_TOPIC = `Stopping a run:

Ctrl-C once   stops at the next frame and keeps the whole chunks of a video; the same command goes on after them.
              A run that has not stopped after five seconds is ended
Ctrl-C twice  ends everything now, ffmpeg too; whole chunks are kept all the same
Ctrl-Z        stops all processes of the run, fg lets them go on
SIGTERM       as Ctrl-C, with exit code 143 instead of 130

The work is done in a process of its own. When that is killed or crashes, the command ends with RUNNER_FAILED; when the
command is killed, the work ends too. Chunks are in <output>.chunks until the output is complete.
A file under its final name is always complete.`;

const PATHS_TOPIC = `Paths:

Spaces, quotes and every letter of Unicode work; quote them as your shell wants it.
A path that begins with a dash:
  --target=-clip.mp4 or --target ./-clip.mp4      as the value of a flag
  facefusion faces -- -photo.jpg                  as an argument
The ending of --output chooses the format; inputs are told by their content, whatever they are called.`;

/** Topics of `facefusion help <topic>` beside the commands. */
export const HELP_TOPICS: Readonly<Record<string, { readonly summary: string; text(): string }>> = {
  'exit-codes': { summary: 'what each exit code means', text: exitCodesTopic },
  json: { summary: 'output for programs', text: () => JSON_TOPIC },
  signals: { summary: 'what Ctrl-C does and what it keeps', text: () => SIGNALS_TOPIC },
  paths: { summary: 'spaces, dashes and formats', text: () => PATHS_TOPIC },
};
