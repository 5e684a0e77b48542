import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { processOptionsSchema } from '../../core/options.ts';
import { REFUSED_OPTIONS } from '../../jobs/api-options.ts';
import { runOptionsSchema } from './run-options.ts';

describe('options of a request', () => {
  const names = Object.keys(runOptionsSchema.shape);

  it('are all of a run but those that name files, or stand elsewhere', () => {
    const all = Object.keys(processOptionsSchema.shape);
    const elsewhere = ['processors', 'targetSequenceFps', ...Object.keys(REFUSED_OPTIONS)];
    expect(names).toEqual(all.filter((name) => !elsewhere.includes(name)));
  });

  it('are not filled in: what was not given is the preset’s', () => {
    expect(runOptionsSchema.parse({ preset: 'fast' })).toEqual({ preset: 'fast' });
    expect(runOptionsSchema.parse({})).toEqual({});
  });

  it('are refused where they are unknown, out of range, or a path as preset', () => {
    for (const bad of [
      { nope: 1 },
      { faceMaskBlur: 2 },
      { preset: '../mine.json' },
      { preset: 'a/b' },
      { stylizerLut: '/x' },
    ]) {
      expect(runOptionsSchema.safeParse(bad).success, JSON.stringify(bad)).toBe(false);
    }
  });

  it('each say in the document what they mean, and their default', () => {
    const { $defs, ...root } = z.toJSONSchema(z.object({ options: runOptionsSchema }), { io: 'input' });
    expect(root.properties).toHaveProperty('options');
    const schema = Object.values($defs ?? {}).find((one) => one.properties?.faceMaskBlur);
    for (const [name, option] of Object.entries(schema?.properties ?? {})) {
      expect(Object(option).description, name).toMatch(/\S/);
    }
    expect(schema?.properties?.faceMaskBlur).toMatchObject({ description: expect.stringMatching(/Default: 0\.3\.$/) });
  });
});
