/** Colours pictures by the models that the user has brought. */
import type { RgbImage } from '../../core/image.ts';
import { resizeBilinear } from '../frames/resize-image.ts';
import { resizePlane } from '../frames/resize-plane.ts';
import { isFiniteTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelSession, ModelStore, Tensor } from '../inference/session.ts';
import type { FrameColorizerFacts } from '../models/catalogue/frame-colorizers.ts';
import { chromaOf, labToRgb, lightnessOf } from './lab.ts';

/** Gives new pixels of the same size; undefined where the model's numbers are not finite. */
export type Colourizer = (picture: RgbImage) => Promise<RgbImage | undefined>;

/**
 * The model sees the frame in grey, stretched to its size. Its colours are put on the lightness of the frame, which stays
 * as sharp as it is.
 * @param edge of what the model sees, in pixels; a graph that states its own size keeps that
 * @throws what opening a model throws
 */
export async function openColourizer(store: ModelStore, id: string, edge: number): Promise<Colourizer> {
  const { type } = (await store.userModel(id)).model.facts as FrameColorizerFacts;
  const session = await store.session(id);
  const [rows, columns] = sizeOf(session, edge);
  return async (picture) => {
    const grey = toTensor(resizeBilinear(toGrey(picture), columns, rows));
    if (type === 'deoldify')
      grey.data.forEach((value, at) => {
        grey.data[at] = value * 255;
      });
    const result = await session.run({ [session.inputs[0]!.name]: grey });
    const made = result[session.outputs[0]!.name]!;
    if (!isFiniteTensor(made)) return undefined;
    const planes = planesOf(made, picture);
    return type === 'ddcolor' ? withChroma(picture, planes) : withColoursOf(picture, planes);
  };
}

function sizeOf({ inputs }: ModelSession, edge: number): [rows: number, columns: number] {
  const [rows, columns] = inputs[0]!.shape.slice(-2);
  return [typeof rows === 'number' ? rows : edge, typeof columns === 'number' ? columns : edge];
}

/** Grey as OpenCV weighs it, three times. */
function toGrey({ data, width, height }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let at = 0; at < out.length; at += 3) {
    const value = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]! + 0.5;
    out[at] = value;
    out[at + 1] = value;
    out[at + 2] = value;
  }
  return { data: out, width, height };
}

/** Each channel, brought to the size of the picture. */
function planesOf({ data, dims }: Tensor, { width, height }: RgbImage): Float32Array[] {
  const [channels, rows, columns] = dims.slice(-3) as [number, number, number];
  const count = rows * columns;
  return Array.from({ length: channels }, (_, channel) =>
    resizePlane(data.subarray(channel * count, (channel + 1) * count), columns, rows, width, height),
  );
}

/** Lays a* and b* on the lightness of a picture. */
function withChroma({ data, width, height }: RgbImage, [a, b]: Float32Array[]): RgbImage {
  const out = new Uint8Array(data.length);
  for (let pixel = 0, at = 0; at < out.length; pixel++, at += 3) {
    labToRgb(lightnessOf(data[at]!, data[at + 1]!, data[at + 2]!), a![pixel]!, b![pixel]!, out, at);
  }
  return { data: out, width, height };
}

/**
 * Lays the colours of one picture, 0..255, on the lightness of another. FaceFusion takes the blue channel for lightness
 * here, which changes the brightness of everything that is not grey.
 */
function withColoursOf({ data, width, height }: RgbImage, [red, green, blue]: Float32Array[]): RgbImage {
  const out = new Uint8Array(data.length);
  const chroma = new Float64Array(2);
  for (let pixel = 0, at = 0; at < out.length; pixel++, at += 3) {
    // Cut off and rounded as 8-bit L*a*b* does.
    chromaOf(toByte(red![pixel]!), toByte(green![pixel]!), toByte(blue![pixel]!), chroma);
    const lightness = lightnessOf(data[at]!, data[at + 1]!, data[at + 2]!);
    labToRgb((Math.round(lightness * 2.55) / 255) * 100, Math.round(chroma[0]!), Math.round(chroma[1]!), out, at);
  }
  return { data: out, width, height };
}

const toByte = (value: number): number => Math.floor(Math.min(255, Math.max(0, value)));
