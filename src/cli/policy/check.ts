import { isAppError } from '../../core/errors.ts';
import type { PolicyProblem } from '../../trust/policy/policy-problems.ts';
import { readPolicyFile } from '../../trust/policy/read-policy.ts';
import type { Terminal } from '../terminal.ts';

/** Checks a policy and prints every mistake. @throws POLICY_INVALID, INPUT_NOT_FOUND */
export async function checkPolicy(terminal: Terminal, path: string): Promise<void> {
  try {
    const { file, hash } = await readPolicyFile(path);
    terminal.result('policy check', { file, hash }, () => terminal.say(`${path} is a valid policy, sha256 ${hash}.`));
  } catch (error) {
    if (isAppError(error) && terminal.json === 'none') {
      const problems = (error.details?.problems ?? []) as readonly PolicyProblem[];
      for (const { line, message, hint } of problems) {
        terminal.data(`${path}:${line}: ${message}${hint === undefined ? '' : ` ${hint}`}`);
      }
    }
    throw error;
  }
}
