import { z } from 'zod';
import { describe, percent, ratio } from '../option-meta.ts';

export const faceEnhancerOptions = {
  faceEnhancerModel: describe(
    z.string().min(1).default('esrgan'),
    'Model that restores faces. `esrgan` is built in: it sharpens the aligned face and keeps its own detail.',
    { group: 'face enhancer', model: { task: 'face-enhancer', embedded: ['esrgan'] } },
  ),
  faceEnhancerBlend: describe(percent().default(80), 'Share of the restored face in the result.', {
    group: 'face enhancer',
    unit: 'percent',
  }),
  faceEnhancerWeight: describe(
    ratio().default(0.5),
    'How faithful the model stays to what it sees, for models that have a weight (codeformer).',
    { group: 'face enhancer' },
  ),
} as const;
