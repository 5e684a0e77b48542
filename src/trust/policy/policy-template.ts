import { POLICY_KEYS } from './policy-keys.ts';

/** A policy in which every key stands as a comment with its default: it allows what a missing one does. */
export function policyTemplate(): string {
  const lines = [
    '## What this installation of FaceFusion allows. Every key may be left out; the values below are the defaults.',
    '## Moderation, watermark and audit have no switch. See docs/policy.md, and: facefusion policy check FILE',
  ];
  let section = '';
  for (const { key, values, defaultValue, description } of POLICY_KEYS) {
    const [above, name] = key.includes('.') ? (key.split('.', 2) as [string, string]) : ['', key];
    if (above !== section || above === '') lines.push('');
    if (above !== section && above !== '') lines.push(`# ${above}:`);
    section = above;
    const indent = above === '' ? '' : '  ';
    // Two signs, so that a section can be switched on by taking one away from each line.
    lines.push(`## ${indent}${description} (${values})`);
    lines.push(`# ${indent}${name}: ${defaultValue === undefined ? '' : toYaml(defaultValue)}`.trimEnd());
  }
  return `${lines.join('\n')}\n`;
}

const toYaml = (value: unknown): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value));
