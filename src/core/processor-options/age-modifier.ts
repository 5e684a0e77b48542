import { z } from 'zod';
import { describe } from '../option-meta.ts';

export const ageModifierOptions = {
  ageModifierModel: describe(
    z.string().min(1).default('fran'),
    'Model that makes a face younger or older. None is built in: add fran or styleganex_age.',
    { group: 'age modifier', model: { task: 'age-modifier', embedded: [] } },
  ),
  ageModifierDirection: describe(
    z.number().int().min(-100).max(100).default(0),
    'Younger (below 0) or older (above): years for fran, percent for styleganex_age.',
    {
      group: 'age modifier',
    },
  ),
} as const;
