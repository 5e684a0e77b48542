import { z } from 'zod';
import { describe, percent } from '../option-meta.ts';

export const frameEnhancerOptions = {
  frameEnhancerModel: describe(
    z.string().min(1).default('esrgan_x2'),
    'Model that enlarges the whole frame. `esrgan_x2`, `esrgan_x3`, `esrgan_x4` and `esrgan_x8` are built in.',
    {
      group: 'frame enhancer',
      model: { task: 'frame-enhancer', embedded: ['esrgan_x2', 'esrgan_x3', 'esrgan_x4', 'esrgan_x8'] },
    },
  ),
  frameEnhancerBlend: describe(percent().default(80), 'Share of the enlarged frame in the result.', {
    group: 'frame enhancer',
    unit: 'percent',
  }),
} as const;
