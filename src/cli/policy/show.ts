import { POLICY_KEYS } from '../../trust/policy/policy-keys.ts';
import { policyPath, readPolicy } from '../../trust/policy/read-policy.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** Prints every key of the policy that runs go by. @throws POLICY_INVALID */
export async function showPolicy(terminal: Terminal, withOrigin: boolean): Promise<void> {
  const { policy, origin, hash, file } = await readPolicy();
  const document = { file: file ?? null, hash, policy, ...(withOrigin ? { origin } : {}) };
  terminal.result('policy show', document, () => {
    const rows = POLICY_KEYS.map(({ key }) => [
      key,
      ...(withOrigin ? [origin[key]!] : []),
      toText(valueAt(policy, key)),
    ]);
    const head = ['KEY', ...(withOrigin ? ['ORIGIN'] : []), 'VALUE'];
    for (const line of formatTable([head, ...rows])) terminal.data(line);
    terminal.say(`sha256 ${hash}`);
    if (file === undefined) terminal.say(`There is no policy at ${policyPath()}; all values are defaults.`);
  });
}

function valueAt(policy: object, key: string): unknown {
  return key.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], policy);
}

function toText(value: unknown): string {
  if (value === undefined) return '-';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
}
