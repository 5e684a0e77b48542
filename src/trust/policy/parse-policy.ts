/** The text of a policy as values, with the line of each; and everything that is wrong with it. */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { findPolicyKey, POLICY_SECTIONS } from './policy-keys.ts';
import { noSection, type PolicyProblem, unknownKey, wrongValue } from './policy-problems.ts';
import { crossChecks, type Policy, policySchema } from './policy-schema.ts';

export interface ParsedPolicy {
  /** Absent where there is a problem. Paths are as they are written. */
  readonly policy: Policy | undefined;
  /** Line of each key that is written. */
  readonly lines: ReadonlyMap<string, number>;
  /** In the order of their lines. */
  readonly problems: readonly PolicyProblem[];
}

/** What the text sets, key by key, before the values are looked at. */
interface WrittenKeys {
  readonly values: Record<string, unknown>;
  readonly lines: Map<string, number>;
  readonly problems: PolicyProblem[];
}

/** Reads a policy. Never throws; an empty text has all defaults. */
export function parsePolicy(text: string): ParsedPolicy {
  const { values, lines, problems } = readKeys(text);
  const parsed = policySchema.safeParse(values);
  for (const { path, message } of parsed.error?.issues ?? []) {
    const key = findPolicyKey(path.join('.')) ?? findPolicyKey(path.slice(0, -1).join('.'));
    if (key) problems.push(wrongValue(key.key, valueAt(values, path), lines.get(key.key)!));
    else if (problems.length === 0) problems.push({ line: 1, message });
  }
  if (parsed.success && problems.length === 0) {
    for (const { key, message } of crossChecks(parsed.data)) problems.push({ line: lines.get(key) ?? 1, message });
  }
  problems.sort((a, b) => a.line - b.line);
  return { policy: problems.length === 0 ? parsed.data : undefined, lines, problems };
}

function readKeys(text: string): WrittenKeys {
  const counter = new LineCounter();
  const document = parseDocument(text, { version: '1.2', schema: 'core', lineCounter: counter, prettyErrors: false });
  const values: Record<string, unknown> = {};
  const lines = new Map<string, number>();
  const problems: PolicyProblem[] = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    line: counter.linePos(pos[0]).line,
    message: `${message.split('\n')[0]!.replace(/[.:]$/, '')}.`,
  }));
  if (problems.length > 0) return { values, lines, problems };

  const lineOf = (node: unknown): number => counter.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  const readMap = (map: YAMLMap, section: string | undefined, into: Record<string, unknown>): void => {
    for (const { key: name, value } of map.items) {
      const line = lineOf(name);
      if (!isScalar(name) || typeof name.value !== 'string') {
        problems.push({ line, message: 'Expected the name of a key.' });
        continue;
      }
      if (section === undefined && POLICY_SECTIONS.includes(name.value)) {
        // A section without keys has its defaults: what is left of one whose keys are all comments.
        if (isMap(value)) readMap(value, name.value, (into[name.value] = {}));
        else if (!isNothing(value)) problems.push(noSection(name.value, line));
        continue;
      }
      const path = section === undefined ? name.value : `${section}.${name.value}`;
      const key = section === undefined && path.includes('.') ? undefined : findPolicyKey(path);
      if (!key) {
        problems.push(unknownKey(path, line));
        continue;
      }
      // One without a value that has no default, either, is not set.
      if (isNothing(value) && key.defaultValue === undefined) continue;
      lines.set(path, line);
      const plain = toPlain(value);
      if (plain === undefined) problems.push(wrongValue(path, undefined, line));
      else into[name.value] = plain;
    }
  };
  const { contents } = document;
  if (isMap(contents)) readMap(contents, undefined, values);
  else if (!isNothing(contents)) problems.push({ line: lineOf(contents), message: 'Expected keys and their values.' });
  return { values, lines, problems };
}

const isNothing = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null);

/** Scalars and lists of them. Undefined for anything else; an alias would hide what a key is set to. */
function toPlain(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  if (!isSeq(node)) return undefined;
  const items = node.items.map((item) => (isScalar(item) ? item.value : undefined));
  return items.includes(undefined) ? undefined : items;
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<PropertyKey, unknown> | undefined)?.[name], values);
}
