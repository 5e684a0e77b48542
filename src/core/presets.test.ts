import { describe, expect, it } from 'vitest';
import { BUILT_IN_PRESETS } from './built-in-presets.ts';
import { AppError } from './errors.ts';
import { parseProcessOptions, processOptionsSchema } from './options.ts';
import { parsePreset } from './presets.ts';

const paths = { sourcePaths: ['a.jpg'], targetPath: 't.mp4', outputPath: 'o.mp4' };

describe('built-in presets', () => {
  it.each(Object.entries(BUILT_IN_PRESETS))('%s holds options that exist, within their ranges', (name, preset) => {
    expect(parsePreset(preset, name)).toEqual(preset);
  });

  it('all name the same options', () => {
    const names = Object.values(BUILT_IN_PRESETS).map((preset) => Object.keys(preset));
    for (const other of names) expect(other).toEqual(names[0]);
  });

  it('balanced is the defaults', () => {
    expect(parseProcessOptions({ ...paths, preset: 'balanced' })).toEqual(parseProcessOptions(paths));
  });

  it('gives way to single options, and is not named by the result', () => {
    const options = parseProcessOptions({
      ...paths,
      preset: 'premium',
      faceTrackerInterval: 7,
      faceDetectorSize: undefined,
    });
    expect(options).toMatchObject({ ...BUILT_IN_PRESETS.premium, faceTrackerInterval: 7 });
    expect(options).not.toHaveProperty('preset');
    expect(parseProcessOptions(options)).toEqual(options);
  });

  it('is told from a name that would have to be read from a file', () => {
    expect(() => parseProcessOptions({ ...paths, preset: 'mine' })).toThrow(
      'Expected fast, balanced, premium for --preset, received mine.',
    );
    expect(() => parseProcessOptions({ ...paths, preset: 'toString' })).toThrow(AppError);
  });
});

describe('parsePreset', () => {
  it('keeps what is named and adds no defaults', () => {
    expect(parsePreset({ faceMaskBlur: 0.5, outputVideoFps: 30 }, 'x')).toEqual({
      faceMaskBlur: 0.5,
      outputVideoFps: 30,
    });
    expect(parsePreset({}, 'x')).toEqual({});
  });

  const OF_ONE_RUN = [
    ...['sourcePaths', 'targetPath', 'outputPath', 'map', 'ranges'],
    ...['force', 'chunk', 'resume', 'publishPartial', 'preset'],
  ];
  const allowed = Object.keys(processOptionsSchema.shape).filter((name) => !OF_ONE_RUN.includes(name));
  it.each(allowed)('takes %s', (name) => {
    const value = parseProcessOptions(paths)[name as 'faceMaskBlur'];
    if (value !== undefined) expect(parsePreset({ [name]: value }, 'x')).toEqual({ [name]: value });
    expect(() => parsePreset({ [name]: Symbol.iterator }, 'x')).toThrow(`Preset "x": ${name}: `);
  });

  it.each(OF_ONE_RUN)('refuses %s, which belongs to one run', (name) => {
    expect(() => parsePreset({ [name]: 'x' }, 'x')).toThrow(`Preset "x": ${name} belongs to one run, not to a preset.`);
  });

  it('names the option that was meant', () => {
    try {
      parsePreset({ faceMaskBlurr: 1 }, 'x');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'OPTION_UNKNOWN', hint: 'Did you mean faceMaskBlur?' });
    }
  });

  it.each([null, 7, 'fast', ['fast'], undefined])('refuses %j', (input) => {
    expect(() => parsePreset(input, 'x')).toThrow('Preset "x": expected an object of options.');
  });
});
