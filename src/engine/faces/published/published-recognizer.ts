/** Tells people apart with a recogniser that the user has added. */
import { createAlignedCropper } from '../../frames/aligned-cropper.ts';
import { type PixelFormat, toTensor } from '../../frames/tensor-pixels.ts';
import type { ModelStore } from '../../inference/session.ts';
import type { FaceRecognizerFacts } from '../../models/catalogue/face-recognizers.ts';
import { type FaceEmbedder, toUnitLength } from '../recognise.ts';

/** value / 127.5 - 1 */
const FORMAT: PixelFormat = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/**
 * @param id of the catalogue, or `custom/NAME`
 * @throws what opening a model throws
 */
export async function openPublishedRecognizer(store: ModelStore, id: string): Promise<FaceEmbedder> {
  const { template, size } = (await store.userModel(id)).model.facts as FaceRecognizerFacts;
  const session = await store.session(id);
  const output = session.outputs[0]!.name;
  const crop = createAlignedCropper();
  return {
    async embed(picture, landmarks5) {
      const input = toTensor(crop(picture, landmarks5, template, size), FORMAT);
      return toUnitLength((await session.run({ input }))[output]!.data);
    },
  };
}
