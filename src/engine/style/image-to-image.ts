/** Looks by the models that the user has brought. */
import type { RgbImage } from '../../core/image.ts';
import { resizeBilinear } from '../frames/resize-image.ts';
import { fromTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelStore } from '../inference/session.ts';

/** Networks that shrink a picture and enlarge it again want whole multiples of this. */
const MULTIPLE = 32;

/** Gives new pixels of the same size; undefined where the model's numbers are not finite. */
export type ModelLook = (picture: RgbImage) => Promise<RgbImage | undefined>;

/**
 * A side that the graph states gets the whole frame stretched to it; where it leaves it open, the frame comes as it is,
 * its border repeated up to a multiple of 32. What comes back is brought to the size of the frame.
 * @throws what opening a model throws
 */
export async function openImageToImage(store: ModelStore, id: string): Promise<ModelLook> {
  const session = await store.session(id);
  const [input, output] = [session.inputs[0]!, session.outputs[0]!];
  const [fixedRows, fixedColumns] = input.shape.slice(-2);
  return async (picture) => {
    const columns = typeof fixedColumns === 'number' ? fixedColumns : picture.width;
    const rows = typeof fixedRows === 'number' ? fixedRows : picture.height;
    const fitted = resizeBilinear(picture, columns, rows);
    const padded = padTo(
      fitted,
      typeof fixedColumns === 'number' ? columns : Math.ceil(columns / MULTIPLE) * MULTIPLE,
      typeof fixedRows === 'number' ? rows : Math.ceil(rows / MULTIPLE) * MULTIPLE,
    );
    const made = fromTensor((await session.run({ [input.name]: toTensor(padded) }))[output.name]!);
    if (!made) return undefined;
    const bytes = { ...made, data: Uint8Array.from(made.data, Math.round) };
    const width = Math.round((made.width * columns) / padded.width);
    const height = Math.round((made.height * rows) / padded.height);
    return resizeBilinear(cutTo(bytes, width, height), picture.width, picture.height);
  };
}

/** Repeats the last column and the last row. */
function padTo({ data, width, height }: RgbImage, toWidth: number, toHeight: number): RgbImage {
  if (width === toWidth && height === toHeight) return { data, width, height };
  const out = new Uint8Array(toWidth * toHeight * 3);
  for (let y = 0; y < toHeight; y++) {
    const from = Math.min(y, height - 1) * width * 3;
    const to = y * toWidth * 3;
    out.set(data.subarray(from, from + width * 3), to);
    const last = data.subarray(from + (width - 1) * 3, from + width * 3);
    for (let x = width; x < toWidth; x++) out.set(last, to + x * 3);
  }
  return { data: out, width: toWidth, height: toHeight };
}

/** The part at the top left. */
function cutTo({ data, width, height }: RgbImage, toWidth: number, toHeight: number): RgbImage {
  if (width === toWidth && height === toHeight) return { data, width, height };
  const out = new Uint8Array(toWidth * toHeight * 3);
  for (let y = 0; y < toHeight; y++) out.set(data.subarray(y * width * 3, (y * width + toWidth) * 3), y * toWidth * 3);
  return { data: out, width: toWidth, height: toHeight };
}
