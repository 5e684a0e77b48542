import { describe, expect, it } from 'vitest';
import { parseProcessOptions } from './options.ts';
import { processorsOf, RANGE_OPTIONS, rangeRuns } from './ranges.ts';

const parse = (ranges: readonly unknown[], more: object = {}) =>
  parseProcessOptions({ targetPath: 'a.mp4', outputPath: 'b.mp4', ranges, ...more });

describe('ranges', () => {
  it('set options of processors and masks, and nothing that concerns all frames', () => {
    expect(RANGE_OPTIONS).toEqual(expect.arrayContaining(['faceEnhancerBlend', 'faceSwapperModel', 'faceMaskBlur']));
    for (const name of ['frameEnhancerModel', 'faceDetectorModel', 'outputVideoQuality', 'stylizerLut', 'map']) {
      expect(RANGE_OPTIONS).not.toContain(name);
    }
    expect(() => parse([{ start: 0, end: 9, options: { faceDetectorScore: 0.2 } }])).toThrow(
      'A range cannot have faceDetectorScore',
    );
  });

  it('take the options of the run where they say nothing else, not the defaults', () => {
    const options = parse(
      [
        { start: 20, end: 30, off: true },
        { start: 0, end: 9, options: { faceEnhancerBlend: 10 }, processors: ['face_enhancer'] },
      ],
      { faceMaskBlur: 0.9, processors: ['face_swapper'] },
    );
    const [first, second] = rangeRuns(options);
    expect(first).toMatchObject({
      ...{ start: 0, end: 9 },
      options: { faceEnhancerBlend: 10, faceMaskBlur: 0.9, processors: ['face_enhancer'], ranges: [] },
    });
    expect(second).toMatchObject({ start: 20, end: 30, options: { processors: [], faceMaskBlur: 0.9 } });
    expect(processorsOf(options)).toEqual(['face_swapper', 'face_enhancer']);
  });

  it.each([
    [[{ start: 5, end: 5 }], 'Expected an end above 5 for the range that begins there, received 5.'],
    [
      [
        { start: 10, end: 20 },
        { start: 0, end: 11 },
      ],
      'Expected ranges that do not overlap, received one from 10 and one up to 11.',
    ],
    [
      [{ start: 0, end: 9, processors: ['face_swapper', 'frame_enhancer'] }],
      'Expected frame_enhancer in the whole run or in no range: it changes what all frames are.',
    ],
  ])('are refused: %j', (ranges, message) => {
    expect(() => parse(ranges)).toThrow(message);
  });

  it('that are off leave the size of frames as it is in the whole run', () => {
    const options = parse([{ start: 0, end: 9, off: true }], { processors: ['face_swapper', 'frame_enhancer'] });
    expect(rangeRuns(options)[0]?.options.processors).toEqual(['frame_enhancer']);
  });
});
