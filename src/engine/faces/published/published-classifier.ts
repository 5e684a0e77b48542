/** Age and gender by a classifier that the user has added. */
import { createAlignedCropper } from '../../frames/aligned-cropper.ts';
import { type PixelFormat, toTensor } from '../../frames/tensor-pixels.ts';
import type { ModelStore } from '../../inference/session.ts';
import type { FaceClassifier } from '../classify.ts';

const TEMPLATE = 'arcface_112_v2';
const SIZE = 224;
/** ImageNet's. */
const FORMAT: PixelFormat = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** Years of each class, the last one not in it. Source: FaceFusion 3.8.1, `categorize_age`. */
const AGE_CLASSES = [
  [0, 1],
  [3, 8],
  [10, 18],
  [20, 28],
  [30, 38],
  [40, 48],
  [50, 58],
  [60, 68],
] as const;
const OLDEST_CLASS = [70, 99] as const;
const FEMALE = 1;

/**
 * Opens FairFace, or what is like it. Its first output, a guess at descent, is not read.
 * @param id of the catalogue, or `custom/NAME`
 * @throws what opening a model throws
 */
export async function openPublishedClassifier(store: ModelStore, id: string): Promise<FaceClassifier> {
  const session = await store.session(id);
  const [, genderOutput, ageOutput] = session.outputs;
  const crop = createAlignedCropper();
  return {
    async classify(picture, { landmarks5 }) {
      const result = await session.run({ input: toTensor(crop(picture, landmarks5, TEMPLATE, SIZE), FORMAT) });
      const [from, to] = AGE_CLASSES[result[ageOutput!.name]!.data[0]!] ?? OLDEST_CLASS;
      const isFemale = result[genderOutput!.name]!.data[0] === FEMALE;
      return {
        ...{ ageYears: (from + to) / 2, ageRange: [from, to] },
        ...{ gender: isFemale ? 'female' : 'male', genderScore: 1 },
      };
    },
  };
}
