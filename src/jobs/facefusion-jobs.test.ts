import { describe, expect, it } from 'vitest';
import { parseFacefusionJob, toFacefusionJob } from './facefusion-jobs.ts';
import type { Job } from './job.ts';

/** Written by hand after the description of the format: all registered keys, null where nothing was set. */
const file = (...steps: object[]): string =>
  JSON.stringify({
    version: '1',
    date_created: '2026-08-05T12:00:00.123456+02:00',
    date_updated: null,
    steps: steps.map((args) => ({
      args: {
        ...{ source_paths: ['/media/alice.jpg'], target_path: '/media/clip.mp4', output_path: '/media/out.mp4' },
        ...{ processors: ['face_swapper', 'face_enhancer'], face_enhancer_blend: 70, face_enhancer_weight: null },
        ...{
          face_selector_mode: 'many',
          face_selector_race: null,
          trim_frame_start: null,
          face_mask_padding: [0, 0, 0, 0],
        },
        ...args,
      },
      status: 'queued',
    })),
  });

describe('parseFacefusionJob', () => {
  it('takes steps over by the names of their options', async () => {
    const job = await parseFacefusionJob(file({}), 'my-job');
    expect(job).toEqual({
      id: 'my-job',
      notes: [],
      steps: [
        {
          sources: [{ kind: 'file', path: '/media/alice.jpg' }],
          map: [],
          target: { kind: 'file', path: '/media/clip.mp4' },
          output: { kind: 'file', path: '/media/out.mp4' },
          options: {
            ...{ processors: ['face_swapper', 'face_enhancer'], faceEnhancerBlend: 70, faceSelectorMode: 'many' },
            ...{ faceMaskPadding: [0, 0, 0, 0], force: false },
          },
          state: 'drafted',
        },
      ],
    });
  });

  it('tells what it does not take over', async () => {
    const { notes, steps } = await parseFacefusionJob(
      file({}, { temp_frame_format: 'png', face_selector_gender: 'auto', face_detector_size: '640x640' }),
      'j',
    );
    expect(notes).toEqual([
      'Step 1: temp_frame_format is not known here.',
      'Step 1: face_selector_gender cannot be "auto" here: its default is taken.',
      'Step 1: face_detector_size cannot be "640x640" here: its default is taken.',
    ]);
    expect(steps[1]?.options).not.toHaveProperty('faceDetectorSize');
  });

  it('finds steps that go on with others', async () => {
    const { steps } = await parseFacefusionJob(
      file({}, { target_path: '/media/out-remix-0.mp4' }, { target_path: '/media/out-other-0.mp4' }),
      'remix',
    );
    expect(steps.map(({ target }) => target)).toEqual([
      { kind: 'file', path: '/media/clip.mp4' },
      { kind: 'step', index: 0 },
      { kind: 'file', path: '/media/out-other-0.mp4' },
    ]);
  });

  it.each([
    ['no JSON', 'hello', 'INPUT_UNSUPPORTED'],
    ['something else', '{"jobs":[]}', 'INPUT_UNSUPPORTED'],
    ['another version', file({}).replace('"1"', '"2"'), 'INPUT_UNSUPPORTED'],
    ['no output', file({ output_path: null }), 'OPTION_MISSING'],
    ['unknown processors', file({ processors: ['face_swapper', 'face_melter'] }), 'OPTION_INVALID'],
  ])('refuses %s', async (_, text, code) => {
    await expect(parseFacefusionJob(text, 'j')).rejects.toMatchObject({ code });
  });
});

describe('toFacefusionJob', () => {
  it('writes what it has read, and tells what FaceFusion has no words for', async () => {
    const { steps } = await parseFacefusionJob(file({}, { target_path: '/media/out-j-0.mp4' }), 'j');
    const [first, second] = steps;
    if (!first || !second) throw new Error('There are two steps.');
    const now = '2026-08-05T12:00:00.000Z';
    const job: Job = {
      ...{ id: 'j', tenant: 'local', owner: 'local', origin: 'cli', state: 'drafted', priority: 'normal', runs: 0 },
      ...{ createdAt: now, updatedAt: now, post: [], labels: {}, timings: {}, notes: [], outputs: [] },
      steps: [{ ...first, options: { ...first.options, hdr: 'keep', executionProviders: ['cpu'] } }, second],
      requires: { providers: [], models: [], memoryBytes: 0 },
    };
    const { text, notes } = toFacefusionJob(job);
    expect(notes).toEqual(['Step 0: FaceFusion has no hdr.']);
    expect(JSON.parse(text)).toMatchObject({
      version: '1',
      steps: [
        { args: { source_paths: ['/media/alice.jpg'], face_enhancer_blend: 70 }, status: 'drafted' },
        { args: { target_path: '/media/out-j-0.mp4' } },
      ],
    });
    expect(text).not.toMatch(/hdr|execution|force/);
    expect((await parseFacefusionJob(text, 'j')).steps).toEqual(steps);
  });
});
