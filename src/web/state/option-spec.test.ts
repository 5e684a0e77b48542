import { expect, test } from 'vitest';
import { expectedInstead, labelOf, readOption, readOptions } from './option-spec.ts';

test('an option says its default and help, each once', () => {
  const spec = readOption('faceMaskBlur', {
    description: 'Width of the feather at the border, relative to the face. Default: 0.3.',
    ...{ 'x-group': 'face mask', 'x-ranged': true, 'x-default': 0.3, type: 'number', minimum: 0, maximum: 1 },
  });
  expect(spec).toEqual({
    ...{ name: 'faceMaskBlur', group: 'face mask', unit: undefined, fallback: 0.3 },
    help: 'Width of the feather at the border, relative to the face.',
    isRanged: true,
    value: { kind: 'number', min: 0, max: 1, step: 0.05 },
  });
  expect(labelOf(spec)).toBe('Blur');
});

test.each([
  [{ type: 'boolean' }, { kind: 'switch' }],
  [
    { type: 'string', enum: ['a', 'b'] },
    { kind: 'choice', choices: ['a', 'b'] },
  ],
  [
    { type: 'array', items: { type: 'string', enum: ['a'] } },
    { kind: 'choices', choices: ['a'] },
  ],
  [
    { type: 'array', maxItems: 4, items: { type: 'integer', minimum: 0, maximum: 100 } },
    { kind: 'numbers', min: 0, max: 100, atMost: 4 },
  ],
  [
    { type: 'string', 'x-model': { task: 'face-swapper', embedded: ['mesh'] } },
    { kind: 'model', task: 'face-swapper', embedded: ['mesh'] },
  ],
  [{ type: 'string' }, { kind: 'text' }],
])('%j is set with %j', (schema, value) => {
  expect(readOption('x', schema).value).toEqual(value);
});

test('what has a place of its own is not listed again, and groups hang together', () => {
  const group = (name: string): object => ({ type: 'boolean', 'x-group': name });
  const specs = readOptions({
    processors: [{ options: { properties: { a: group('stylizer') } } }],
    options: {
      properties: { preset: { type: 'string' }, b: group('output'), c: group('face mask'), d: group('output') },
    },
  });
  expect(specs.map(({ name }) => name)).toEqual(['c', 'a', 'b', 'd']);
});

test.each([
  [{ type: 'boolean' }, true, 'yes', 'true, false'],
  [{ type: 'integer', minimum: 10, maximum: 600 }, 10, 5, '10 – 600'],
  [{ type: 'number', minimum: 0 }, 3, '3', '≥ 0'],
  [{ type: 'string', enum: ['a', 'b'] }, 'b', 'c', 'a, b'],
  [{ type: 'array', items: { type: 'string', enum: ['a', 'b'] } }, ['b'], ['c'], '[a, b]'],
  [{ type: 'array', items: { type: 'integer', minimum: 0, maximum: 100 } }, [0, 100], [101], '[0 – 100, …]'],
])('%j takes %j and not %j', (schema, right, wrong, expected) => {
  const spec = readOption('x', schema);
  expect([expectedInstead(spec, right), expectedInstead(spec, wrong)]).toEqual([undefined, expected]);
});
