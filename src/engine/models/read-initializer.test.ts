import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../../scripts/build-models/protobuf-writer.ts';
import { type OnnxInitializer, parseOnnx, readInitializer } from './onnx-file.ts';

/** A model with one tensor that is stored in it, as `readFile` gives it: a part of a larger buffer. */
function storedIn(tensor: ProtobufWriter): OnnxInitializer {
  const node = new ProtobufWriter().string(1, 'w').string(2, 'output').string(4, 'Identity');
  const graph = new ProtobufWriter()
    .message(1, node)
    .message(5, tensor)
    .message(12, new ProtobufWriter().string(1, 'output'));
  const bytes = new ProtobufWriter().integer(1, 8).message(7, graph).toBytes();
  const file = Buffer.alloc(bytes.length + 13, 255);
  file.set(bytes, 7);
  return parseOnnx(file.subarray(7, 7 + bytes.length), 'model.onnx').initializers.at(-1)!;
}
const tensor = (type: number): ProtobufWriter =>
  new ProtobufWriter().integer(1, 2).integer(1, 2).integer(2, type).string(8, 'w');
const raw = (values: Float32Array | Uint16Array): Uint8Array => new Uint8Array(values.buffer);
const NUMBERS = [0.5, -2, 1, 65504];
const HALVES = Uint16Array.of(0x3800, 0xc000, 0x3c00, 0x7bff);

describe('a tensor that is stored in a model', () => {
  it.each([
    ['float32, raw', tensor(1).bytes(9, raw(Float32Array.from(NUMBERS)))],
    ['float32, listed', tensor(1).bytes(4, raw(Float32Array.from(NUMBERS)))],
    ['float16, raw', tensor(10).bytes(9, raw(HALVES))],
  ])('is read: %s', (_name, message) => {
    const found = storedIn(message);
    expect(found.dims).toEqual([2, 2]);
    expect([...readInitializer(found)]).toEqual(NUMBERS);
  });

  it.each([
    ['of another type', tensor(7).bytes(9, new Uint8Array(32))],
    ['with too few numbers', tensor(1).bytes(9, raw(Float32Array.of(1, 2, 3)))],
  ])('is refused: %s', (_name, message) => {
    expect(() => readInitializer(storedIn(message))).toThrow(expect.objectContaining({ code: 'MODEL_IO_MISMATCH' }));
  });
});
