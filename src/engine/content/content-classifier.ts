import { cropPicture, type Picture } from '../frames/picture.ts';
import type { Affine } from '../frames/similarity.ts';
import type { ModelStore } from '../inference/session.ts';

/** The product's own, from nsfwjs. */
export const EMBEDDED_CONTENT_ANALYSER = 'nsfw_mobilenet_v2_mid';

const SIZE = 224;
/** Places of the classes: drawing, hentai, neutral, porn, sexy. */
const [HENTAI, PORN] = [1, 3];

export interface ContentClassifier {
  /** @returns how surely the picture is pornographic, drawn or photographed, 0..1; NaN where the model says nothing */
  score(picture: Picture): Promise<number>;
}

/**
 * Opens the embedded classifier. Pictures are stretched to its square, as nsfwjs does.
 * @throws what opening a model throws
 */
export async function openContentClassifier(store: ModelStore): Promise<ContentClassifier> {
  const session = await store.session(EMBEDDED_CONTENT_ANALYSER);
  const [input, output] = [session.inputs[0]!.name, session.outputs[0]!.name];
  const data = new Float32Array(SIZE * SIZE * 3);
  return {
    async score(picture) {
      const [x, y] = [picture.width / SIZE, picture.height / SIZE];
      const matrix: Affine = [x, 0, (x - 1) / 2, 0, y, (y - 1) / 2];
      cropPicture(picture, matrix, SIZE, data, 1 / 255, 0, { outside: 'nearest' });
      const result = await session.run({ [input]: { data, dims: [1, SIZE, SIZE, 3] } });
      const classes = result[output]!.data;
      return classes[HENTAI]! + classes[PORN]!;
    },
  };
}
