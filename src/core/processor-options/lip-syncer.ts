import { z } from 'zod';
import { describe, ratio } from '../option-meta.ts';

export const lipSyncerOptions = {
  lipSyncerModel: describe(
    z.string().min(1).default('wav2lip_gan_96'),
    'Model that moves the lips to the sound of a source. None is built in: add edtalk_256, wav2lip_96 or wav2lip_gan_96.',
    { group: 'lip syncer', model: { task: 'lip-syncer', embedded: [] } },
  ),
  lipSyncerWeight: describe(
    ratio().default(0.5),
    'How much of the sound the lips show: 0.5 is what the model was made for.',
    { group: 'lip syncer' },
  ),
  voiceExtractorModel: describe(
    z.string().min(1).default('none'),
    'Model that takes the voice out of music and noise before lips are moved to it. `none` takes the sound as it is.',
    { group: 'lip syncer', model: { task: 'voice-extractor', embedded: ['none'] } },
  ),
} as const;
