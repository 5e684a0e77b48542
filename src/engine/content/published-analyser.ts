/** Content analysers that the user has added. */
import type { RgbImage } from '../../core/image.ts';
import type { Picture } from '../frames/picture.ts';
import { resizeBilinear } from '../frames/resize-image.ts';
import { toTensor } from '../frames/tensor-pixels.ts';
import { toRgb } from '../frames/yuv.ts';
import type { ModelStore } from '../inference/session.ts';
import type { ContentAnalyserFacts } from '../models/catalogue/content-analysers.ts';

/** What one analyser says of a picture. */
export interface ContentScore {
  readonly model: string;
  /** In the model's own measure. */
  readonly score: number;
  /** From which it flags. */
  readonly threshold: number;
  readonly flagged: boolean;
}

/**
 * Opens one. Each sees the whole picture in the middle of its square, black around it.
 * @param id of the catalogue, or `custom/NAME`
 * @throws what opening a model throws
 */
export async function openPublishedAnalyser(
  store: ModelStore,
  id: string,
): Promise<(picture: Picture) => Promise<ContentScore>> {
  const facts = (await store.userModel(id)).model.facts as ContentAnalyserFacts;
  const session = await store.session(id);
  const output = session.outputs[0]!.name;
  const { size, mean, deviation, threshold } = facts;
  return async (picture) => {
    const input = toTensor(fitInto(toRgb(picture), size), { mean, deviation });
    const { data, dims } = (await session.run({ input }))[output]!;
    const score = READINGS[facts.reading](data, dims);
    // A model that gives no number has not said that the picture is harmless.
    return { model: id, score, threshold, flagged: !(score <= threshold) };
  };
}

/** How the value is read off the output. Source: FaceFusion 3.8.1, `content_analyser`. */
const READINGS: Readonly<
  Record<ContentAnalyserFacts['reading'], (data: ArrayLike<number>, dims: readonly number[]) => number>
> = {
  /** `[1, 4 + classes, places]`: the highest score of any class at any place. */
  detections: (data, dims) => {
    let highest = Number.NEGATIVE_INFINITY;
    for (let at = 4 * dims.at(-1)!; at < data.length; at++) {
      if (!(data[at]! <= highest)) highest = data[at]!;
    }
    return highest;
  },
  difference: (data) => data[0]! - data[1]!,
  /** Four levels, from harmless to explicit. */
  levels: (data) => data[2]! + data[3]! - (data[0]! + data[1]!),
};

/** Brought to the size of a square, its sides kept in proportion, in the middle of black. */
function fitInto(image: RgbImage, size: number): RgbImage {
  const scale = Math.min(size / image.width, size / image.height);
  const width = Math.max(1, Math.trunc(image.width * scale));
  const height = Math.max(1, Math.trunc(image.height * scale));
  const small = resizeBilinear(image, width, height);
  const data = new Uint8Array(size * size * 3);
  const [left, top] = [Math.floor((size - width) / 2), Math.floor((size - height) / 2)];
  for (let y = 0; y < height; y++) {
    data.set(small.data.subarray(y * width * 3, (y + 1) * width * 3), ((y + top) * size + left) * 3);
  }
  return { data, width: size, height: size };
}
