import { z } from 'zod';
import { describe, ratio } from '../option-meta.ts';

export const faceSwapperOptions = {
  faceSwapperModel: describe(
    z.string().min(1).default('mesh'),
    'Model that swaps. `mesh` is built in: it draws the source face on the dense mesh of the target.',
    { group: 'face swapper', model: { task: 'face-swapper', embedded: ['mesh'] } },
  ),
  faceSwapperPixelBoost: describe(
    z
      .string()
      .regex(/^\d+x\d+$/, 'expected a size such as 512x512')
      .optional(),
    "Size of the swapped crop, one to eight times the model's own: larger keeps more detail and takes longer. Not for `mesh`.",
    { group: 'face swapper', unit: 'pixels' },
  ),
  faceSwapperWeight: describe(
    ratio().optional(),
    "With `mesh`, how far the target's proportions move towards the source's (default 0.8). With other models, how far the identity moves from the target's to the source's and beyond (default 0.5).",
    { group: 'face swapper' },
  ),
} as const;
