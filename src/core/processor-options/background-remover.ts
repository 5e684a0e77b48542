import { z } from 'zod';
import { describe } from '../option-meta.ts';

const colour = (text: string): z.ZodDefault<z.ZodArray<z.ZodNumber>> =>
  describe(z.array(z.number().int().min(0).max(255)).min(1).max(4).default([0, 0, 0, 0]), text, {
    group: 'background remover',
  });

export const backgroundRemoverOptions = {
  backgroundRemoverModel: describe(
    z.string().min(1).default('selfie_segmentation'),
    'Model that tells people from the background. `selfie_segmentation` is built in.',
    {
      group: 'background remover',
      model: { task: 'background-remover', embedded: ['selfie_segmentation'] },
    },
  ),
  backgroundRemoverFillColor: colour(
    'Colour behind the people: red, green, blue, opacity. One value is a grey, two are red and blue alike, and green; without an opacity it is opaque. 0 0 0 0 leaves it transparent.',
  ),
  backgroundRemoverDespillColor: colour(
    'Colour of the light that the background throws on people, to be taken out; in the same form. 0 0 0 0 takes nothing out.',
  ),
} as const;
