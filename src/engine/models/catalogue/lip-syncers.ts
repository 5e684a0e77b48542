import { type CatalogueModel, defineModel, licenceOf, pictureTensor, type TensorContract } from './catalogue-model.ts';

/** What a lip syncer needs besides its tensors. */
export interface LipSyncerFacts {
  /** `wav2lip` sees the box around the landmarks, its lower half hidden; `edtalk` the whole crop. */
  readonly type: 'wav2lip' | 'edtalk';
  /** Edge of the picture in pixels. */
  readonly size: number;
}

const SPEECH: TensorContract = {
  name: 'source',
  dtype: 'float32',
  shape: [1, 1, 80, 16],
  range: 'mel spectrogram, 80 bands x 16 columns, -4..4',
};

const wav2lip = (id: string): CatalogueModel<LipSyncerFacts> => {
  const size = 96;
  return defineModel<LipSyncerFacts>({
    id,
    task: 'lip-syncer',
    file: `${id}.onnx`,
    release: 'models-3.0.0',
    licence: licenceOf('Non-Commercial'),
    vendor: 'Rudrabha',
    year: 2020,
    inputs: [SPEECH, pictureTensor('target', [size, size], { range: '0..1', colour: 'BGR', channels: 6 })],
    outputs: [pictureTensor('output', [size, size], { range: '0..1', colour: 'BGR' })],
    facts: { type: 'wav2lip', size },
  });
};

/** Models that move the lips to a sound. */
export const LIP_SYNCERS: readonly CatalogueModel<LipSyncerFacts>[] = [
  defineModel<LipSyncerFacts>({
    id: 'edtalk_256',
    task: 'lip-syncer',
    file: 'edtalk_256.onnx',
    release: 'models-3.3.0',
    licence: licenceOf('Apache-2.0'),
    vendor: 'tanshuai0219',
    year: 2024,
    inputs: [
      SPEECH,
      pictureTensor('target', [256, 256], { range: '0..1' }),
      { name: 'weight', dtype: 'float32', shape: [1], range: '0..1' },
    ],
    outputs: [pictureTensor('output', [256, 256], { range: '0..1' })],
    facts: { type: 'edtalk', size: 256 },
  }),
  wav2lip('wav2lip_96'),
  wav2lip('wav2lip_gan_96'),
];
