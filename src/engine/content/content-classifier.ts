import { cropPicture, isI420, type Picture } from '../frames/picture.ts';
import type { Affine } from '../frames/similarity.ts';
import type { ModelStore } from '../inference/session.ts';

/** The product's own, from nsfwjs. */
export const EMBEDDED_CONTENT_ANALYSER = 'nsfw_mobilenet_v2_mid';

const SIZE = 224;
/** Nine samples a pixel take a quarter of the time of all, and videos are looked at many times. */
const MAXIMUM_SAMPLES_OF_A_FRAME = 3;
/** Places of the classes: drawing, hentai, neutral, porn, sexy. */
const [HENTAI, PORN] = [1, 3];

/** From this score on, a picture is looked at again, in other ways. */
const LOOK_AGAIN = 0.5;
/** What else is shown where the first look is doubtful: the picture mirrored, and smaller with grey around it. */
const VIEWS: readonly { readonly mirrored: boolean; readonly border: number }[] = [
  { mirrored: false, border: 0 },
  { mirrored: true, border: 0 },
  { mirrored: false, border: 0.25 },
  { mirrored: false, border: 0.5 },
];

export interface ContentClassifier {
  /** @returns how surely the picture is pornographic, drawn or photographed, 0..1; NaN where the model says nothing */
  score(picture: Picture): Promise<number>;
}

/**
 * Opens the embedded classifier. Pictures are stretched to its square, as nsfwjs does. It is unsure of close faces, of
 * which one look alone scores up to 0.8: where the first look finds something, the mean of four views counts.
 * @throws what opening a model throws
 */
export async function openContentClassifier(store: ModelStore): Promise<ContentClassifier> {
  const session = await store.session(EMBEDDED_CONTENT_ANALYSER);
  const [input, output] = [session.inputs[0]!.name, session.outputs[0]!.name];
  const data = new Float32Array(SIZE * SIZE * 3);
  const look = async (picture: Picture, { mirrored, border }: (typeof VIEWS)[number]): Promise<number> => {
    const matrix = viewOf(picture, mirrored, border);
    const sampling = isI420(picture) ? { maximumSamples: MAXIMUM_SAMPLES_OF_A_FRAME } : {};
    cropPicture(picture, matrix, SIZE, data, 1 / 255, 0, { outside: 'nearest', ...sampling });
    if (border > 0) frameInGrey(data, Math.round((SIZE * border) / (1 + 2 * border)));
    const classes = (await session.run({ [input]: { data, dims: [1, SIZE, SIZE, 3] } }))[output]!.data;
    return classes[HENTAI]! + classes[PORN]!;
  };
  return {
    async score(picture) {
      let sum = await look(picture, VIEWS[0]!);
      if (sum < LOOK_AGAIN) return sum;
      for (const view of VIEWS.slice(1)) sum += await look(picture, view);
      return sum / VIEWS.length;
    },
  };
}

/** From pixels of the square to pixels of the picture. @param border share of the picture at each side */
function viewOf({ width, height }: Picture, mirrored: boolean, border: number): Affine {
  const [x, y] = [(width * (1 + 2 * border)) / SIZE, (height * (1 + 2 * border)) / SIZE];
  const [left, top] = [(x - 1) / 2 - width * border, (y - 1) / 2 - height * border];
  return mirrored ? [-x, 0, width - 1 - left, 0, y, top] : [x, 0, left, 0, y, top];
}

/** @param width of the frame in pixels of the square */
function frameInGrey(data: Float32Array, width: number): void {
  const row = SIZE * 3;
  data.fill(0.5, 0, width * row);
  data.fill(0.5, (SIZE - width) * row);
  for (let y = width; y < SIZE - width; y++) {
    data.fill(0.5, y * row, y * row + width * 3);
    data.fill(0.5, (y + 1) * row - width * 3, (y + 1) * row);
  }
}
