/** A program that signs: with a key that never leaves where it is. */
import { spawn } from 'node:child_process';
import { AppError } from '../core/errors.ts';

/** What a signature may take. */
const TIMEOUT_MS = 30_000;
/** What is kept of what a program says. */
const SAYS_BYTES = 2000;
const SIGNATURE_BYTES = 4096;

/**
 * Runs a program without a shell, gives it bytes on stdin and returns what it writes.
 * @param command the program, then its arguments
 * @throws KEYS_UNUSABLE where it cannot be started, fails, says nothing or takes longer than 30 seconds
 */
export function runSigningProgram(command: readonly string[], bytes: Buffer): Promise<Buffer> {
  const [program = '', ...args] = command;
  const failed = (what: string, cause?: unknown): AppError =>
    new AppError('KEYS_UNUSABLE', `The signing program ${program} ${what}.`, {
      hint: 'Run it by hand with the same arguments; see docs/content-credentials.md.',
      ...(cause === undefined ? {} : { cause }),
    });
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
    let written: Buffer = Buffer.alloc(0);
    let said = '';
    child.stdout.on('data', (part: Buffer) => {
      written = Buffer.concat([written, part]);
      if (written.length > SIGNATURE_BYTES) child.kill('SIGKILL');
    });
    child.stderr.on('data', (part: Buffer) => {
      said = (said + part.toString()).slice(-SAYS_BYTES);
    });
    child.once('error', (cause) => reject(failed(`cannot be started: ${cause.message}`, cause)));
    child.once('close', (code, signal) => {
      if (written.length > SIGNATURE_BYTES)
        reject(failed(`wrote more than the ${SIGNATURE_BYTES} bytes of a signature`));
      else if (code !== 0) reject(failed(`ended with ${signal ?? code}: ${said.trim() || 'it said nothing'}`));
      else if (written.length === 0) reject(failed('wrote no signature'));
      else resolve(written);
    });
    // A program that ends early closes its input; how it ended says more.
    child.stdin.on('error', () => undefined);
    child.stdin.end(bytes);
  });
}
