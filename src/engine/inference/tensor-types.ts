/** Numbers between JavaScript and the types that a graph has. */
import { halfToNumber } from '../models/onnx-file.ts';

/** A typed array as ONNX Runtime wants it for a type. */
export type TensorData = Float32Array | Float64Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;

/** What converts a type, both ways; floats pass as they are. */
interface Conversion {
  /** The tensor's data for a graph; may be `values` itself. */
  readonly toGraph: (values: Float32Array) => TensorData;
  readonly fromGraph: (data: ArrayLike<number> | ArrayLike<bigint>) => Float32Array;
}

const numbers = (data: ArrayLike<number> | ArrayLike<bigint>): Float32Array =>
  Float32Array.from(data as ArrayLike<number>);

/** By a loop: `from` with a function is thirty times as slow, which a picture of 512 x 512 feels. */
function filled<To extends Float32Array | Uint16Array, From>(
  to: To,
  from: ArrayLike<From>,
  convert: (value: From) => number,
): To {
  for (let at = 0; at < to.length; at++) to[at] = convert(from[at]!);
  return to;
}

/** By ONNX Runtime's names. */
export const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  float32: { toGraph: (values) => values, fromGraph: (data) => data as unknown as Float32Array },
  float16: {
    toGraph: (values) => filled(new Uint16Array(values.length), values, numberToHalf),
    // From Node 24 on ONNX Runtime gives a Float16Array, before that the bits.
    fromGraph: (data) =>
      data instanceof Uint16Array
        ? filled(new Float32Array(data.length), data, halfToNumber)
        : numbers(data as ArrayLike<number>),
  },
  float64: { toGraph: (values) => Float64Array.from(values), fromGraph: numbers },
  int32: { toGraph: (values) => Int32Array.from(values), fromGraph: numbers },
  int64: {
    toGraph: (values) => BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))),
    fromGraph: (data) => filled(new Float32Array(data.length), data as ArrayLike<bigint>, Number),
  },
  uint8: { toGraph: (values) => Uint8Array.from(values), fromGraph: numbers },
  bool: { toGraph: (values) => Uint8Array.from(values, (value) => (value ? 1 : 0)), fromGraph: numbers },
};

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Rounds to the nearest IEEE 754 binary16, ties to even. */
export function numberToHalf(value: number): number {
  float[0] = value;
  const all = bits[0]!;
  const sign = (all >>> 16) & 0x8000;
  const exponent = ((all >>> 23) & 255) - 112;
  const fraction = all & 0x7fffff;
  if (exponent >= 31) return sign | 0x7c00 | (((all >>> 23) & 255) === 255 && fraction ? 0x200 : 0);
  if (exponent <= 0) {
    if (exponent < -10) return sign;
    const shift = 14 - exponent;
    return sign | roundEven(fraction | 0x800000, shift);
  }
  // A carry out of the fraction goes into the exponent, as it should.
  return sign | ((exponent << 10) + roundEven(fraction, 13));
}

function roundEven(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & (2 ** shift - 1);
  const half = 2 ** (shift - 1);
  return kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0);
}
