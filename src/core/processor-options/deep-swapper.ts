import { z } from 'zod';
import { describe, percent } from '../option-meta.ts';

export const deepSwapperOptions = {
  deepSwapperModel: describe(
    z.string().min(1).optional(),
    'A model of one person that you have trained and added: custom/NAME, a .dfm or .onnx file. None is built in, ever.',
    { group: 'deep swapper', model: { task: 'deep-swapper', embedded: [] } },
  ),
  deepSwapperMorph: describe(percent().default(100), 'How far a model that can morph goes towards its person.', {
    group: 'deep swapper',
    unit: 'percent',
  }),
} as const;
