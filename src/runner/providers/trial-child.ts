/** Tries execution providers in a process of its own: a driver that crashes ends that process and not this one. */
import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { EXECUTION_PROVIDERS, type ExecutionProviderId } from '../../core/execution-providers.ts';
import { childModule } from '../child-module.ts';

/** What became of a trial. */
export type TrialOutcome =
  | { readonly works: true; readonly milliseconds: number }
  /** `reason`: what ONNX Runtime or the system says, in one line, without paths. */
  | {
      readonly works: false;
      readonly reason: string;
      readonly fault?: TrialFault;
      /** That is lacking, of `library`. */
      readonly library?: string | undefined;
    };

/** Why a trial did not succeed, where more is known than what was said: for pages with words of their own. */
export type TrialFault = 'not-built' | 'library' | 'ended';

/** TensorRT builds an engine for its trial. */
const LONGEST_MS = 120_000;
const STDERR_TAIL_BYTES = 16_384;

const messageSchema = z.intersection(
  z.object({ id: z.enum(EXECUTION_PROVIDERS) }),
  z.union([z.object({ milliseconds: z.number() }), z.object({ reason: z.string() })]),
);
type Message = z.infer<typeof messageSchema>;

/** Never rejects. */
export async function tryInChild(id: ExecutionProviderId, deviceId: number): Promise<TrialOutcome> {
  return (await tryAllInChild([id], deviceId)).get(id)!;
}

/**
 * Tries one after another: they would slow each other down. One process does it, and another one the rest where a driver ends it.
 * Never rejects.
 * @returns an outcome for each, in the given order
 */
export async function tryAllInChild(
  ids: readonly ExecutionProviderId[],
  deviceId: number,
): Promise<ReadonlyMap<ExecutionProviderId, TrialOutcome>> {
  const outcomes = new Map<ExecutionProviderId, TrialOutcome>();
  for (;;) {
    const rest = ids.filter((id) => !outcomes.has(id));
    if (rest.length === 0) return outcomes;
    const { messages, said, ended } = await runChild(rest, deviceId);
    for (const id of rest) {
      const message = messages.get(id);
      const lacking = libraryFault(said.get(id) ?? '');
      if (!message) {
        const reason = [ended, lacking?.reason].filter(Boolean).join(': ');
        outcomes.set(id, { works: false, reason, fault: 'ended' });
        break;
      }
      if ('milliseconds' in message) outcomes.set(id, { works: true, milliseconds: message.milliseconds });
      else outcomes.set(id, lacking ?? shorten(message.reason));
    }
  }
}

interface ChildEnd {
  readonly messages: ReadonlyMap<ExecutionProviderId, Message>;
  /** On stderr, while the provider was tried. */
  readonly said: ReadonlyMap<ExecutionProviderId, string>;
  /** How the process ended, in words. */
  readonly ended: string;
}

async function runChild(ids: readonly ExecutionProviderId[], deviceId: number): Promise<ChildEnd> {
  const { url, execArgv } = childModule(import.meta.url, './trial-process');
  const child = fork(url, [String(deviceId), ...ids], { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const limit = setTimeout(kill, LONGEST_MS);
  const messages = new Map<ExecutionProviderId, Message>();
  const said = new Map<ExecutionProviderId, string>();
  let current: ExecutionProviderId | undefined;
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const next = ids.find((id) => id === line);
      if (next) current = next;
      else if (current) said.set(current, `${said.get(current) ?? ''}\n${line}`.slice(-STDERR_TAIL_BYTES));
    });
  }
  child.on('message', (received) => {
    limit.refresh();
    const { data } = messageSchema.safeParse(received);
    if (data) messages.set(data.id, data);
  });
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`its trial could not be started: ${error.message}`));
    child.once('close', (code, signal) =>
      resolve(`its trial ${signal ? `was ended by ${signal}` : `ended with exit code ${code}`}`),
    );
  });
  clearTimeout(limit);
  process.off('exit', kill);
  return { messages, said, ended };
}

type Failed = Extract<TrialOutcome, { works: false }>;

/** ONNX Runtime writes to stderr which library a provider lacks, and throws only that it lacks one. */
function libraryFault(stderr: string): Failed | undefined {
  const line = /Failed to load library \S*?([^\s/\\]+) with error: (.*)/.exec(stderr);
  if (!line) return undefined;
  const why = line[2]!.replace(/\S*[/\\]([^\s/\\]+)/g, '$1').replace(`${line[1]}: `, '');
  const library = line[1];
  return { works: false, reason: `${library} could not be loaded: ${why.trim()}`, fault: 'library', library };
}

/** Without the place in ONNX Runtime's sources, which says nothing to a user. */
function shorten(reason: string): Failed {
  const line = reason.replace(/\s+/g, ' ').trim();
  const backend = /\[(\S+)\] backend not found/.exec(line);
  if (backend) {
    return { works: false, reason: 'the installed onnxruntime-node is built without it', fault: 'not-built' };
  }
  return { works: false, reason: line.replace(/^.* was false\. /, '').replace(/^\/\S+:\d+ /, '') };
}
