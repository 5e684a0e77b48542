import { z } from 'zod';
import { describe, percent } from '../option-meta.ts';

export const stylizerOptions = {
  stylizerModel: describe(
    z.string().min(1).default('cartoon'),
    'Look of the whole frame. `sketch`, `cartoon` and `lut` (a film look from a .cube file) are built in; models of your own are added like `image_to_image`.',
    { group: 'stylizer', model: { task: 'stylizer', embedded: ['sketch', 'cartoon', 'lut'] } },
  ),
  stylizerLut: describe(
    z.string().min(1).optional(),
    'A .cube file with a table in one or three dimensions, for the look `lut`.',
    { group: 'stylizer' },
  ),
  stylizerBlend: describe(percent().default(100), 'Share of the stylized frame in the result.', {
    group: 'stylizer',
    unit: 'percent',
  }),
} as const;
