/** Mattes by the models that the user has brought. */
import type { RgbImage } from '../../core/image.ts';
import { resizeBilinear } from '../frames/resize-image.ts';
import { resizePlane } from '../frames/resize-plane.ts';
import { fromTensor, isFiniteTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelStore, Tensor } from '../inference/session.ts';
import type { BackgroundRemoverFacts } from '../models/catalogue/background-removers.ts';
import type { MatteFinder } from './matte.ts';

/**
 * Each frame is stretched to the model's size and its mask back, as in FaceFusion; nothing is remembered.
 * @param id of the catalogue, or `custom/NAME`
 * @throws what opening a model throws
 */
export async function openPublishedMatte(store: ModelStore, id: string): Promise<MatteFinder> {
  const { type, size, mean, deviation } = (await store.userModel(id)).model.facts as BackgroundRemoverFacts;
  const session = await store.session(id);
  return {
    async find(picture) {
      const { width, height } = picture;
      const colours = toTensor(resizeBilinear(picture, size, size), { mean, deviation });
      const input = type === 'keyed' ? withScreen(colours, picture, size) : colours;
      const result = await session.run({ [session.inputs[0]!.name]: input });
      const first = result[session.outputs[0]!.name]!;
      if (!isFiniteTensor(first)) return undefined;
      const made = type === 'classes' ? anyClass(first) : first.data;
      const [rows, columns] = first.dims.slice(-2) as [number, number];
      const mask = toMask(made, columns, rows, width, height);
      if (type !== 'keyed') return { mask };
      const colour = fromTensor(result[session.outputs[1]!.name]!);
      // FaceFusion's cast cuts off.
      return (
        colour && {
          mask,
          foreground: resizeBilinear({ ...colour, data: Uint8Array.from(colour.data) }, width, height),
        }
      );
    },
    save: () => undefined,
    restore: () => undefined,
  };
}

/** A fourth channel: 1 where nothing is greener than its other colours, 0 on a green screen. */
function withScreen({ data }: Tensor, picture: RgbImage, size: number): Tensor {
  const count = picture.width * picture.height;
  const screen = new Float32Array(count);
  for (let pixel = 0, at = 0; pixel < count; pixel++, at += 3) {
    const green = picture.data[at + 1]! - Math.max(picture.data[at]!, picture.data[at + 2]!);
    screen[pixel] = 1 - Math.min(1, Math.max(0, (2 * green) / 255));
  }
  const all = new Float32Array(4 * size * size);
  all.set(data);
  all.set(resizePlane(screen, picture.width, picture.height, size, size), 3 * size * size);
  return { data: all, dims: [1, 4, size, size] };
}

/** 1 where another class than the first, which is none, has the highest score. */
function anyClass({ data, dims }: Tensor): Float32Array {
  const count = dims.slice(-2).reduce((product, side) => product * side, 1);
  const classes = data.length / count;
  const out = new Float32Array(count);
  for (let pixel = 0; pixel < count; pixel++) {
    const none = data[pixel]!;
    for (let one = 1; one < classes; one++) if (data[one * count + pixel]! > none) out[pixel] = 1;
  }
  return out;
}

/** Bytes are cut off before the mask is enlarged, as in FaceFusion. */
function toMask(values: Float32Array, columns: number, rows: number, width: number, height: number): Uint8Array {
  const bytes = new Float32Array(rows * columns);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(Math.min(1, Math.max(0, values[at]!)) * 255);
  return Uint8Array.from(resizePlane(bytes, columns, rows, width, height), Math.round);
}
