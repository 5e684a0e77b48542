/** Tries execution providers in a process of its own: a driver that crashes ends that process and not this one. */
import { fork } from 'node:child_process';
import { z } from 'zod';
import type { ExecutionProviderId } from '../../core/execution-providers.ts';
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

/** TensorRT builds an engine for the trial. */
const LONGEST_MS = 120_000;
const STDERR_TAIL_BYTES = 16_384;

const messageSchema = z.union([z.object({ milliseconds: z.number() }), z.object({ reason: z.string() })]);

/** Never rejects. */
export async function tryInChild(id: ExecutionProviderId, deviceId: number): Promise<TrialOutcome> {
  const { url, execArgv } = childModule(import.meta.url, './trial-process');
  const child = fork(url, [id, String(deviceId)], {
    execArgv,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let said = '';
  let message: unknown;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-STDERR_TAIL_BYTES);
  });
  child.on('message', (received) => {
    message = received;
  });
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`its trial could not be started: ${error.message}`));
    child.once('close', (code, signal) =>
      resolve(`its trial ${signal ? `was ended by ${signal}` : `ended with exit code ${code}`}`),
    );
  });
  process.off('exit', kill);
  const parsed = messageSchema.safeParse(message);
  const lacking = libraryFault(said);
  if (!parsed.success) {
    return { works: false, reason: [ended, lacking?.reason].filter(Boolean).join(': '), fault: 'ended' };
  }
  if ('milliseconds' in parsed.data) return { works: true, milliseconds: parsed.data.milliseconds };
  return lacking ?? shorten(parsed.data.reason);
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
