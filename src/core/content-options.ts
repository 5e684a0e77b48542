/** Options about what a picture may show. */
import { z } from 'zod';
import { describe } from './option-meta.ts';

export const contentOptions = {
  contentAnalyserModels: describe(
    z.array(z.string().min(1)).min(1).default(['nsfw_mobilenet_v2_mid']),
    'Models that look for sexual content. `nsfw_mobilenet_v2_mid` is built in and looks always; others are heard beside it, by the vote of more than half of them; `many` stands for nsfw_1, nsfw_2 and nsfw_3.',
    {
      group: 'content',
      model: {
        task: 'content-analyser',
        embedded: ['nsfw_mobilenet_v2_mid'],
        sets: { many: ['nsfw_1', 'nsfw_2', 'nsfw_3'] },
      },
    },
  ),
} as const;

/** The models that a list of names means, sets resolved and each once. */
export const contentModels = (names: readonly string[]): readonly string[] => [
  ...new Set(names.flatMap((name) => (name === 'many' ? ['nsfw_1', 'nsfw_2', 'nsfw_3'] : [name]))),
];
