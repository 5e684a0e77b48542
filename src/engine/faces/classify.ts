/** Age and gender: face-api's `age_gender_model`. */
import type { Region } from '../../core/image.ts';
import { cropPicture, type Picture } from '../frames/picture.ts';
import { squareToImage } from '../frames/similarity.ts';
import type { ModelStore } from '../inference/session.ts';
import type { Gender } from './face.ts';

const INPUT_SIZE = 112;

export type AgeRange = readonly [from: number, to: number];

export interface FaceClass {
  /** 0 and above; an estimate, often ten years off. */
  readonly ageYears: number;
  readonly gender: Gender;
  /** `[from, to)` in years, where the model gives no more than that; `ageYears` is its middle. */
  readonly ageRange?: AgeRange;
  /** How sure the model is of the gender, 0.5..1. */
  readonly genderScore: number;
}

/** Where a face is, for any classifier. */
export interface FacePlace {
  /** Bounds without margin: with a fifth more the gender was wrong for 4 of 50 faces, so for none. */
  readonly box: Region;
  /** 5 x (x, y). */
  readonly landmarks5: ArrayLike<number>;
}

/** Classifies with buffers of its own; one call at a time. */
export interface FaceClassifier {
  classify(picture: Picture, face: FacePlace): Promise<FaceClass>;
}

/**
 * Opens the classifier.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function openFaceClassifier(store: ModelStore): Promise<FaceClassifier> {
  const session = await store.session('age_gender');
  const input = new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);
  return {
    async classify(picture, { box }) {
      const side = Math.max(box.x1 - box.x0, box.y1 - box.y0);
      const matrix = squareToImage((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, side, 0, INPUT_SIZE);
      cropPicture(picture, matrix, INPUT_SIZE, input, 1, 0);
      const output = await session.run({ input: { data: input, dims: [1, INPUT_SIZE, INPUT_SIZE, 3] } });
      const [male, female] = output.gender!.data as unknown as [number, number];
      return {
        ageYears: Math.max(0, output.age!.data[0]!),
        gender: male >= female ? 'male' : 'female',
        genderScore: Math.max(male, female),
      };
    },
  };
}
