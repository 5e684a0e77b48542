import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isAppError } from '../errors.ts';
import { parsePostSteps, postStepSchema } from './post-steps.ts';

function refusal(input: unknown, kind?: 'image' | 'video') {
  try {
    parsePostSteps(input, kind);
  } catch (error) {
    if (isAppError(error)) return { code: error.code, option: error.details?.option, message: error.message };
    throw error;
  }
  return undefined;
}

describe('steps of post-processing', () => {
  it('have defaults, and an order that does not depend on how they were written', () => {
    const steps = parsePostSteps([
      { type: 'hls' },
      { type: 'thumbnail' },
      { type: 'bitrate', videoKbps: 800 },
      { type: 'loudness' },
      { type: 'convert', format: 'mp4' },
      { type: 'cleanup', x: 1, y: 2, width: 3, height: 4, rights: 'own' },
    ]);
    expect(steps.map(({ type }) => type)).toEqual(['cleanup', 'loudness', 'convert', 'bitrate', 'thumbnail', 'hls']);
    expect(steps[0]).toMatchObject({ unit: 'pixels', mode: 'delogo' });
    expect(steps[1]).toMatchObject({ integratedLufs: -16, truePeakDb: -1.5 });
    expect(steps[3]).toMatchObject({ twoPass: true, beside: false });
    expect(steps[4]).toEqual({ type: 'thumbnail', at: 'middle', width: 320, format: 'jpg' });
    expect(steps[5]).toMatchObject({ heights: [1080, 720, 480, 360], segmentSeconds: 6, poster: true, sprites: true });
  });

  it.each([
    ['no list', { type: 'hls' }, 'post'],
    ['an unknown step', [{ type: 'upscale' }], 'post[0].type'],
    ['an unknown option', [{ type: 'hls', drm: true }], 'post[0]'],
    ['a height of nothing', [{ type: 'hls', heights: [720, 0] }], 'post[0].heights[1]'],
    ['both scale and height', [{ type: 'convert', format: 'mp4', scale: 0.5, height: 300 }], 'post[0].scale'],
    ['two sizes', [{ type: 'thumbnail' }, { type: 'bitrate', videoKbps: 500, targetBytes: 1e6 }], 'post[1].videoKbps'],
    ['no size', [{ type: 'bitrate' }], 'post[0].videoKbps'],
    ['a clean-up without a right', [{ type: 'cleanup', x: 0, y: 0, width: 9, height: 9 }], 'post[0].rights'],
    [
      'a region beyond the picture',
      [{ type: 'cleanup', unit: 'ratio', x: 0.8, y: 0, width: 0.3, height: 0.1, rights: 'own' }],
      'post[0].width',
    ],
    ['a second ladder', [{ type: 'hls' }, { type: 'hls' }], 'post[1]'],
    [
      'two in the place of the output',
      [
        { type: 'convert', format: 'mp4' },
        { type: 'convert', format: 'webm' },
      ],
      'post[1].beside',
    ],
  ])('refuse %s and say where', (_, input, option) => {
    expect(refusal(input)).toMatchObject({ code: 'OPTION_INVALID', option });
  });

  it('fit photos and videos', () => {
    expect(refusal([{ type: 'loudness' }], 'image')).toMatchObject({ option: 'post[0].type' });
    expect(refusal([{ type: 'convert', format: 'avif' }], 'video')?.message).toContain('mp4, mov, webm');
    expect(refusal([{ type: 'convert', format: 'mp4' }], 'image')?.message).toContain('jpg, png, webp');
    expect(parsePostSteps([{ type: 'convert', format: 'webp' }], 'image')).toHaveLength(1);
    expect(parsePostSteps([{ type: 'convert', format: 'webp' }], 'video')).toHaveLength(1);
    const beside = { type: 'convert', format: 'mp4', beside: true };
    expect(parsePostSteps([beside, { type: 'convert', format: 'webm' }, beside], 'video')).toHaveLength(3);
  });

  it('can be described to clients', () => {
    const text = JSON.stringify(z.toJSONSchema(z.array(postStepSchema), { io: 'input' }));
    const types = [...text.matchAll(/"const":"(\w+)"/g)].map(([, type]) => type);
    expect(types).toEqual(['cleanup', 'loudness', 'convert', 'bitrate', 'thumbnail', 'hls']);
    expect(text.match(/"additionalProperties":false/g)).toHaveLength(6);
  });
});
