import { z } from 'zod';
import { describe, percent } from '../option-meta.ts';

export const expressionRestorerOptions = {
  expressionRestorerModel: describe(
    z.string().min(1).default('mesh'),
    "Model that brings the target's expression back. `mesh` is built in; `live_portrait` stands for three published files.",
    {
      group: 'expression restorer',
      model: {
        task: 'live-portrait',
        embedded: ['mesh'],
        sets: {
          live_portrait: [
            'live_portrait_feature_extractor',
            'live_portrait_motion_extractor',
            'live_portrait_generator',
          ],
        },
      },
    },
  ),
  expressionRestorerFactor: describe(percent().default(80), "Share of the target's expression.", {
    group: 'expression restorer',
    unit: 'percent',
  }),
  expressionRestorerAreas: describe(
    z
      .array(z.enum(['upper-face', 'lower-face']))
      .min(1)
      .default(['upper-face', 'lower-face']),
    'Areas whose expression is brought back.',
    { group: 'expression restorer' },
  ),
} as const;
