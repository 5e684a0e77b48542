/** Pictures as the tensors of published models, and back. */
import type { RgbImage } from '../../core/image.ts';
import type { Tensor } from '../inference/session.ts';
import type { CropPixels } from './face-crop.ts';

/** How a model wants its picture: (value / 255 - mean) / deviation, channel by channel in the model's order. */
export interface PixelFormat {
  readonly layout?: 'NCHW' | 'NHWC';
  readonly order?: 'RGB' | 'BGR';
  /** Default 0, 0, 0. */
  readonly mean?: readonly [number, number, number];
  /** Default 1, 1, 1. */
  readonly deviation?: readonly [number, number, number];
}

const ZERO = [0, 0, 0] as const;
const ONE = [1, 1, 1] as const;

/** `[1, 3, height, width]`, or `[1, height, width, 3]` for NHWC. Owned by the caller. */
export function toTensor({ data, width, height }: RgbImage, format: PixelFormat = {}): Tensor {
  const { layout = 'NCHW', order = 'RGB', mean = ZERO, deviation = ONE } = format;
  const count = width * height;
  const out = new Float32Array(count * 3);
  const [pixelStep, channelStep] = layout === 'NCHW' ? [1, count] : [3, 1];
  for (let channel = 0; channel < 3; channel++) {
    const from = order === 'RGB' ? channel : 2 - channel;
    const scale = 1 / (255 * deviation[channel]!);
    const offset = -mean[channel]! / deviation[channel]!;
    for (let pixel = 0, at = channel * channelStep; pixel < count; pixel++, at += pixelStep) {
      out[at] = data[pixel * 3 + from]! * scale + offset;
    }
  }
  return { data: out, dims: layout === 'NCHW' ? [1, 3, height, width] : [1, height, width, 3] };
}

/**
 * Turns a model's picture into interleaved R, G, B: (value * deviation + mean), cut to 0..1, times 255, kept as float.
 * @returns undefined where a value is not finite: such a picture must not be shown
 */
export function fromTensor(
  { data, dims }: Tensor,
  format: PixelFormat = {},
): (CropPixels & { data: Float32Array }) | undefined {
  const { layout = 'NCHW', order = 'RGB', mean = ZERO, deviation = ONE } = format;
  const sizes = dims.slice(-3);
  const [height, width] = layout === 'NCHW' ? [sizes[1]!, sizes[2]!] : [sizes[0]!, sizes[1]!];
  const count = width * height;
  const out = new Float32Array(count * 3);
  const [pixelStep, channelStep] = layout === 'NCHW' ? [1, count] : [3, 1];
  for (let channel = 0; channel < 3; channel++) {
    const to = order === 'RGB' ? channel : 2 - channel;
    for (let pixel = 0, at = channel * channelStep; pixel < count; pixel++, at += pixelStep) {
      const value = data[at]! * deviation[channel]! + mean[channel]!;
      if (!Number.isFinite(value)) return undefined;
      out[pixel * 3 + to] = (value < 0 ? 0 : value > 1 ? 1 : value) * 255;
    }
  }
  return { data: out, width, height };
}

/** True where every number is finite. */
export const isFiniteTensor = ({ data }: Tensor): boolean => data.every(Number.isFinite);
