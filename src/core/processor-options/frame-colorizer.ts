import { z } from 'zod';
import { describe, percent } from '../option-meta.ts';

export const frameColorizerOptions = {
  frameColorizerModel: describe(
    z.string().min(1).default('ddcolor'),
    'Model that colours black-and-white footage. None is built in: add ddcolor or deoldify.',
    { group: 'frame colorizer', model: { task: 'frame-colorizer', embedded: [] } },
  ),
  frameColorizerSize: describe(
    z.enum(['192x192', '256x256', '384x384', '512x512']).default('256x256'),
    'Size at which colours are found.',
    { group: 'frame colorizer', unit: 'pixels' },
  ),
  frameColorizerBlend: describe(percent().default(100), 'Share of the coloured frame in the result.', {
    group: 'frame colorizer',
    unit: 'percent',
  }),
} as const;
