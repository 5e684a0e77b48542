/** Options about what may be done with whom, and what a picture may show. They can only make a run stricter. */
import { z } from 'zod';
import { describe } from './option-meta.ts';

export const contentOptions = {
  consent: describe(
    z.string().min(1).optional(),
    'Id of the consent of the person whose face is put in: see `facefusion consent`. Where the policy asks for one and none is named, a valid one of that person is looked for.',
    { group: 'trust', placeholder: 'id' },
  ),
  labelDuty: describe(
    z.number().int().min(0).optional(),
    'Audit entry by which somebody has taken the duty to label the output themselves (see `facefusion label-duty`): the visible label of the policy is left off, and everything else stays.',
    { group: 'trust', placeholder: 'entry' },
  ),
  contentAnalyserModels: describe(
    z.array(z.string().min(1)).min(1).default(['nsfw_mobilenet_v2_mid']),
    'Models that look for sexual content. `nsfw_mobilenet_v2_mid` is built in and looks always; others are heard beside it, by the vote of more than half of them; `many` stands for nsfw_1, nsfw_2 and nsfw_3.',
    {
      group: 'trust',
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
