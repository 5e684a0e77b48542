import { describe, expect, it } from 'vitest';
import { isAppError } from './errors.ts';
import type { OptionMeta } from './option-meta.ts';
import { parseProcessOptions, processOptionsSchema, toFlag } from './options.ts';

const paths = { sourcePaths: ['a.jpg'], targetPath: 't.mp4', outputPath: 'o.mp4' };

/** The AppError that parsing this ends with. */
function refusal(input: unknown): { code: string; message: string; hint?: string | undefined } {
  try {
    parseProcessOptions(input);
  } catch (error) {
    if (isAppError(error)) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('parseProcessOptions', () => {
  it('fills in every default and freezes the result', () => {
    const options = parseProcessOptions(paths);
    expect(options).toMatchObject({
      ...paths,
      processors: ['face_swapper'],
      faceSelectorMode: 'reference',
      faceSelectorOrder: 'large-small',
      referenceFaceDistance: 0.3,
      faceMaskTypes: ['box', 'occlusion'],
      faceMaskPadding: [0],
      outputVideoEncoder: 'libx264',
      outputVideoQuality: 80,
      outputAudioVolume: 100,
      videoChunkSize: 100,
      onNoFace: 'fail',
      force: false,
      executionProviders: ['cpu'],
    });
    expect(Object.isFrozen(options)).toBe(true);
  });

  it.each([
    ['targetPath', '--target-path'],
    ['outputPath', '--output-path'],
  ])('names %s when it is missing', (name, flag) => {
    const { [name as keyof typeof paths]: _, ...rest } = paths;
    const { code, message } = refusal(rest);
    expect(code).toBe('OPTION_MISSING');
    expect(message).toContain(flag);
  });

  it('refuses an option that does not exist and names it', () => {
    const { code, message, hint } = refusal({ ...paths, faceSwaperWeight: 1 });
    expect(code).toBe('OPTION_UNKNOWN');
    expect(message).toContain('--face-swaper-weight');
    expect(hint).toBe('Did you mean faceSwapperWeight?');
  });

  it.each([
    ['executionProviders', ['cude'], 'cuda'],
    ['processors', ['face_swapper', 'face-enhancr'], 'face_enhancer'],
    ['outputVideoPreset', 'veryfst', 'veryfast'],
  ])('%s = %j: says what may have been meant', (name, value, near) => {
    expect(refusal({ ...paths, [name]: value }).hint).toBe(`Did you mean ${near}?`);
  });

  it.each([
    ['faceSwapperWeight', 1.01],
    ['faceSwapperWeight', '0.5'],
    ['faceDetectorScore', -0.1],
    ['sourcePaths', ['']],
    ['processors', []],
    ['processors', ['face_blender']],
    ['faceMaskPadding', [0, 0, 0, 0, 0]],
    ['faceMaskPadding', [101]],
    ['outputImageQuality', 100.5],
    ['videoChunkSize', 9],
    ['trimFrameEnd', 0],
    ['referenceFacePosition', -1],
    ['executionProviders', ['vulkan']],
    ['force', 'yes'],
  ])('refuses %s = %j and names it', (name, value) => {
    const { code, message } = refusal({ ...paths, [name]: value });
    expect(code).toBe('OPTION_INVALID');
    expect(message).toContain(toFlag(name));
  });

  it('refuses ranges that end before they start', () => {
    expect(refusal({ ...paths, trimFrameStart: 10, trimFrameEnd: 10 })).toMatchObject({ code: 'OPTION_INVALID' });
    expect(refusal({ ...paths, faceSelectorAgeStart: 40, faceSelectorAgeEnd: 30 })).toMatchObject({
      code: 'OPTION_INVALID',
    });
    expect(parseProcessOptions({ ...paths, faceSelectorAgeStart: 30, faceSelectorAgeEnd: 30 })).toBeDefined();
  });
});

describe('the schema', () => {
  it('describes every option and puts it into a group', () => {
    for (const [name, schema] of Object.entries(processOptionsSchema.shape)) {
      const meta = schema.meta() as Partial<OptionMeta> & { description?: string };
      expect(meta.description, name).toMatch(/\.$/);
      expect(meta.group, name).toBeTruthy();
    }
  });

  it('gives no flag or alias to two options', () => {
    const spellings = Object.entries(processOptionsSchema.shape).flatMap(([name, schema]) => [
      toFlag(name),
      ...((schema.meta() as unknown as OptionMeta).aliases ?? []),
    ]);
    expect(new Set(spellings).size).toBe(spellings.length);
  });

  it('turns camelCase into flags', () => {
    expect(toFlag('sourcePaths')).toBe('--source-paths');
    expect(toFlag('force')).toBe('--force');
  });
});

it('says what it expected when it is given no options at all', () => {
  expect(() => parseProcessOptions(undefined)).toThrow('Expected an object of options, received undefined.');
});
