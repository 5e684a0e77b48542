/** The keys of a policy as documentation, template and messages show them. Everything here derives from the schema. */
import { z } from 'zod';
import { policySchema } from './policy-schema.ts';

/** One key. */
export interface PolicyKey {
  /** With its section: `moderation.threshold`. */
  readonly key: string;
  /** What it takes, in words: `0.3..0.85`, `optional | required`, `list of files`. */
  readonly values: string;
  /** Absent where the key has none. */
  readonly defaultValue: unknown;
  readonly description: string;
  /** Why its bounds are where they are. */
  readonly why: string | undefined;
}

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly why?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Property;
  readonly properties?: Readonly<Record<string, Property>>;
}

/** Every key, in the order of the schema. */
export const POLICY_KEYS: readonly PolicyKey[] = keysOf(z.toJSONSchema(policySchema, { io: 'input' }) as Property, '');

export const findPolicyKey = (key: string): PolicyKey | undefined => POLICY_KEYS.find((known) => known.key === key);

/** Names of sections: what stands above keys. */
export const POLICY_SECTIONS: readonly string[] = [
  ...new Set(POLICY_KEYS.flatMap(({ key }) => (key.includes('.') ? [key.slice(0, key.indexOf('.'))] : []))),
];

function keysOf({ properties = {} }: Property, above: string): PolicyKey[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.properties) return keysOf(property, `${name}.`);
    const { description = '', why, default: defaultValue } = property;
    return [{ key: above + name, values: wordsFor(property), defaultValue, description, why }];
  });
}

function wordsFor({ type, enum: choices, minimum, maximum, items }: Property): string {
  if (items) return items.enum ? `list of ${items.enum.join(' | ')}` : 'list of texts';
  if (choices) return choices.join(' | ');
  if (type === 'integer') return `${minimum}..${maximum}, whole`;
  if (type === 'number') return `${minimum}..${maximum}`;
  return 'a text';
}
