/** `lip_syncer`: moves the lips of a video to the sound of a source. */
import { AppError } from '../../core/errors.ts';
import { lipSyncerOptions } from '../../core/processor-options/lip-syncer.ts';
import { MEL_BANDS, melSlice, SLICE_COLUMNS } from '../audio/mel.ts';
import { speechOf } from '../audio/speech.ts';
import { cutToBytes } from '../frames/cut-to-bytes.ts';
import { type CropPixels, warpCrop } from '../frames/face-crop.ts';
import { resizeCubic } from '../frames/resize-cubic.ts';
import { resizeArea } from '../frames/resize-image.ts';
import { type Affine, invertAffine } from '../frames/similarity.ts';
import { fromTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelSession, Tensor } from '../inference/session.ts';
import type { LipSyncerFacts } from '../models/catalogue/lip-syncers.ts';
import { type CropInput, type CropProcessorOptions, createCropProcessor } from './crop-processor.ts';
import { defineProcessor, type FaceProcessor, type ProcessorContext } from './processor.ts';

const CROP = 512;

/** What is heard at a frame, as a model wants it. */
type Listen = (timeSeconds: number) => Tensor;
type Work = (input: CropInput, sound: Tensor) => Promise<CropPixels | undefined>;

async function create(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options, audio } = context;
  if (!audio) throw new AppError('INTERNAL', 'Expected the sound of a source for lip_syncer.');
  const { lipSyncerModel: id, lipSyncerWeight: weight } = options;
  const { type, size } = (await store.userModel(id)).model.facts as LipSyncerFacts;
  const session = await store.session(id);
  const speech = await speechOf(store, audio, options.voiceExtractorModel);
  const gain = type === 'wav2lip' ? weight * 2 : 1;
  const listen: Listen = (timeSeconds) => ({
    data: melSlice(speech, timeSeconds).map((level) => level * gain),
    dims: [1, 1, MEL_BANDS, SLICE_COLUMNS],
  });
  const move = type === 'wav2lip' ? moveBox(session, size) : moveCrop(session, size, weight);
  const settings: CropProcessorOptions = {
    id: 'lip_syncer',
    template: 'ffhq_512',
    size: CROP,
    masks: ['occlusion'],
    alwaysMasks: [type === 'wav2lip' ? 'area' : 'box'],
    usePadding: true,
    async work(input) {
      const pixels = await move(input, listen(input.time.timeSeconds));
      return pixels && { pixels };
    },
  };
  // Whatever areas the user has chosen for other processors.
  const areas = { ...options, faceMaskAreas: ['lower-face' as const] };
  return createCropProcessor({ ...context, options: areas }, settings);
}

/** Wav2Lip: the box around the landmarks, twice, in BGR: with its lower half hidden, and as it is. */
const moveBox =
  (session: ModelSession, size: number): Work =>
  async ({ crop, at }, sound) => {
    const matrix = boxMatrix(at.landmarks68, size);
    const { data: whole } = toTensor(warpCrop(crop, matrix, size, size, 'black'), { order: 'BGR' });
    const both = new Float32Array(whole.length * 2);
    for (let channel = 0; channel < 3; channel++) {
      const start = channel * size * size;
      both.set(whole.subarray(start, start + Math.floor(size / 2) * size), start);
    }
    both.set(whole, whole.length);
    const result = await session.run({ source: sound, target: { data: both, dims: [1, 6, size, size] } });
    const moved = fromTensor(result[session.outputs[0]!.name]!, { order: 'BGR' });
    return moved && warpCrop(cutToBytes(moved), invertAffine(matrix), CROP);
  };

/** EDTalk: the whole crop, smaller. */
const moveCrop = (session: ModelSession, size: number, weight: number): Work => {
  const strength: Tensor = { data: Float32Array.of(weight), dims: [1] };
  return async ({ crop }, sound) => {
    const target = toTensor(resizeArea(crop, size, size));
    const result = await session.run({ source: sound, target, weight: strength });
    const moved = fromTensor(result[session.outputs[0]!.name]!);
    return moved && resizeCubic(cutToBytes(moved), CROP, CROP);
  };
};

/** From pixels of the crop to a square of `size`: width and height of the box are stretched apart from each other. */
function boxMatrix(landmarks68: Float32Array, size: number): Affine {
  const xs = landmarks68.filter((_, at) => at % 2 === 0);
  const ys = landmarks68.filter((_, at) => at % 2 === 1);
  const [x0, y0] = [Math.min(...xs), Math.min(...ys)];
  const [a, e] = [size / (Math.max(...xs) - x0), size / (Math.max(...ys) - y0)];
  return [a, 0, -a * x0, 0, e, -e * y0];
}

export const lipSyncer = defineProcessor({
  id: 'lip_syncer',
  kind: 'face',
  options: lipSyncerOptions,
  needsSource: false,
  needsAudio: true,
  needsFaces: true,
  create,
});
