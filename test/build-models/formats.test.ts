import fc from 'fast-check';
import { Builder, ByteBuffer } from 'flatbuffers';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { FlatTable } from '../../scripts/build-models/flat-table.ts';
import { convolution, depthwiseConvolution, padWithZeros, parametricRelu } from '../../scripts/build-models/layers.ts';
import { OnnxGraph, type TensorName } from '../../scripts/build-models/onnx-graph.ts';
import { ProtobufWriter } from '../../scripts/build-models/protobuf-writer.ts';
import { readTfjsWeights } from '../../scripts/build-models/tfjs-weights.ts';
import { decodeHalfFloats, ownBuffer, permute, productOf } from '../../scripts/build-models/weights.ts';

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.toBytes()).toString('hex');

describe('ProtobufWriter', () => {
  it('writes the examples of the specification', () => {
    expect(hex(new ProtobufWriter().integer(1, 150))).toBe('089601');
    expect(hex(new ProtobufWriter().string(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new ProtobufWriter().message(3, new ProtobufWriter().integer(1, 150)))).toBe('1a03089601');
    expect(hex(new ProtobufWriter().integer(1, -2))).toBe('08feffffffffffffffff01');
    expect(hex(new ProtobufWriter().float(2, 1.5))).toBe('150000c03f');
  });

  it('writes any whole number so that it can be read back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (value) => {
        const [, ...bytes] = new ProtobufWriter().integer(1, value).toBytes();
        const read = bytes.reduce((sum, byte, i) => sum + (BigInt(byte & 0x7f) << BigInt(7 * i)), 0n);
        expect(read).toBe(value);
        expect(bytes.every((byte, i) => byte >= 0x80 === i < bytes.length - 1)).toBe(true);
      }),
    );
  });
});

describe('FlatTable', () => {
  it('reads fields, defaults, vectors and tables', () => {
    const builder = new Builder();
    const name = builder.createString('Gesicht');
    builder.startVector(4, 3, 4);
    for (const value of [7, -8, 9]) builder.addInt32(value);
    const numbers = builder.endVector();
    builder.startObject(1);
    builder.addFieldInt8(0, -5, 0);
    const inner = builder.endObject();
    builder.startVector(4, 2, 4);
    for (let i = 0; i < 2; i++) builder.addOffset(inner);
    const inners = builder.endVector();
    builder.startObject(7);
    builder.addFieldInt32(0, 1234, 0);
    builder.addFieldOffset(1, name, 0);
    builder.addFieldOffset(2, numbers, 0);
    builder.addFieldOffset(3, inner, 0);
    builder.addFieldOffset(4, inners, 0);
    builder.finish(builder.endObject());

    const table = FlatTable.root(new ByteBuffer(builder.asUint8Array().slice()));
    expect(table.int32(0)).toBe(1234);
    expect(table.string(1)).toBe('Gesicht');
    expect(table.integers(2)).toEqual([9, -8, 7]);
    expect(table.table(3)?.int8(0)).toBe(-5);
    expect(table.tables(4).map((each) => each.int8(0))).toEqual([-5, -5]);
    // Field 5 was not written; field 60 is not in the table's vtable at all.
    for (const field of [5, 60]) {
      expect(table.int32(field, 3)).toBe(3);
      expect(table.table(field)).toBeUndefined();
      expect(table.tables(field)).toEqual([]);
      expect(table.bytes(field)).toHaveLength(0);
    }
  });
});

describe('weights', () => {
  it('decodes half floats', () => {
    const halves = Uint16Array.of(
      0x0000,
      0x8000,
      0x3c00,
      0xc000,
      0x3555,
      0x7bff,
      0x0001,
      0x0400,
      0x7c00,
      0xfc00,
      0x7e00,
    );
    const [third, smallest] = [0.333251953125, 2 ** -24];
    const expected = [0, -0, 1, -2, third, 65504, smallest, 2 ** -14, Infinity, -Infinity, NaN];
    expect([...decodeHalfFloats(halves)]).toEqual(expected);
  });

  it('permutes axes, and back', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    const cases = shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
    );
    fc.assert(
      fc.property(cases, ([shape, order]) => {
        const data = Float32Array.from({ length: productOf(shape) }, (_, i) => i);
        const there = permute({ data, shape }, order);
        expect(there.shape).toEqual(order.map((axis) => shape[axis]));
        const back = permute(
          there,
          [...order.keys()].map((axis) => order.indexOf(axis)),
        );
        expect(back).toEqual({ data, shape });
      }),
    );
    expect([...permute({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] }, [1, 0]).data]).toEqual([
      1, 4, 2, 5, 3, 6,
    ]);
  });

  it('copies what shares a buffer', () => {
    const bytes = Buffer.from([1, 2, 3, 4]);
    const own = ownBuffer(bytes.subarray(1, 3));
    expect([...new Uint8Array(own)]).toEqual([2, 3]);
  });

  it('widens quantized weights, and refuses too few or too many bytes', () => {
    const manifest = [
      {
        weights: [
          {
            name: 'a',
            shape: [2],
            dtype: 'float32' as const,
            quantization: { dtype: 'uint8' as const, scale: 0.5, min: -1 },
          },
          { name: 'b', shape: [1, 1], dtype: 'int32' as const },
          { name: 'c', shape: [], dtype: 'float32' as const },
        ],
      },
    ];
    const bytes = Buffer.concat([
      Buffer.from([0, 4]),
      Buffer.from(Int32Array.of(-3).buffer),
      Buffer.from(Float32Array.of(2.5).buffer),
    ]);
    const weights = readTfjsWeights(manifest, bytes);
    expect([...weights.get('a')!.data]).toEqual([-1, 1]);
    expect([...weights.get('b')!.data]).toEqual([-3]);
    expect([...weights.get('c')!.data]).toEqual([2.5]);
    expect(() => readTfjsWeights(manifest, bytes.subarray(1))).toThrow('Expected 10 bytes of weights, received 9');
    expect(() => readTfjsWeights(manifest, Buffer.concat([bytes, bytes]))).toThrow('Expected 10 bytes of weights');
  });
});

describe('OnnxGraph', () => {
  /** Runs what `build` makes of a channels-first input in ONNX Runtime. */
  async function evaluate(
    shape: readonly number[],
    data: Float32Array,
    build: (graph: OnnxGraph, input: TensorName) => TensorName,
  ): Promise<ort.Tensor> {
    const graph = new OnnxGraph();
    graph.output('output', build(graph, graph.input('input', shape)), ['a', 'b', 'c', 'd']);
    const session = await ort.InferenceSession.create(graph.toBytes(), { logSeverityLevel: 3 });
    const { output } = await session.run({ input: new ort.Tensor('float32', data, shape) });
    await session.release();
    return output;
  }

  const ramp = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i + 1);

  it('gives the same bytes for the same calls', () => {
    const make = (): Uint8Array => {
      const graph = new OnnxGraph();
      graph.output('y', graph.node('Mul', [graph.input('x', [1]), graph.scalar(2)]), [1]);
      return graph.toBytes();
    };
    expect(make()).toEqual(make());
  });

  it('refuses to publish an input, or a result twice', () => {
    const graph = new OnnxGraph();
    graph.output('y', graph.input('x', [1]), [1]);
    expect(() => graph.toBytes()).toThrow('Expected output y to be the result of a node');
    const twice = new OnnxGraph();
    const result = twice.node('Relu', [twice.input('x', [1])]);
    twice.output('y', result, [1]);
    twice.output('z', result, [1]);
    expect(() => twice.toBytes()).toThrow('Expected output z');
  });

  it('convolves with TensorFlow’s kernel order and padding', async () => {
    // 3 x 3 pixels, one channel to two: a kernel of 2 x 2 whose second output takes only the lower right pixel.
    const kernel = { data: Float32Array.of(1, 0, 1, 0, 1, 0, 1, 1), shape: [2, 2, 1, 2] };
    const output = await evaluate([1, 1, 3, 3], ramp(9), (graph, input) =>
      convolution(graph, input, kernel, graph.float32([0, 100]), { padding: 'SAME_UPPER', strides: [1, 1] }),
    );
    expect(output.dims).toEqual([1, 2, 3, 3]);
    expect([...(output.data as Float32Array)]).toEqual([
      12, 16, 9, 24, 28, 15, 15, 17, 9, 105, 106, 100, 108, 109, 100, 100, 100, 100,
    ]);
  });

  it('convolves each channel with its own kernel, several times where asked', async () => {
    // Two channels of 1 x 2 pixels, kernel 1 x 1, multiplier 2.
    const kernel = { data: Float32Array.of(1, 10, 2, 20), shape: [1, 1, 2, 2] };
    const output = await evaluate([1, 2, 1, 2], ramp(4), (graph, input) =>
      depthwiseConvolution(graph, input, kernel, undefined, { padding: 'VALID', strides: [1, 1] }),
    );
    expect([...(output.data as Float32Array)]).toEqual([1, 2, 10, 20, 6, 8, 60, 80]);
  });

  it('bends negative values by the slope of their channel', async () => {
    const data = Float32Array.of(-2, 3, -2, 3, -2, 3);
    const output = await evaluate([1, 3, 1, 2], data, (graph, input) =>
      parametricRelu(graph, input, Float32Array.of(0.25, -0.5, 2)),
    );
    expect([...(output.data as Float32Array)]).toEqual([-0.5, 3, 1, 3, -4, 3]);
  });

  it('pads with zeros, before and after each axis', async () => {
    const output = await evaluate([1, 1, 1, 2], ramp(2), (graph, input) =>
      padWithZeros(graph, input, [0, 0, 0, 0, 1, 0, 0, 2]),
    );
    expect(output.dims).toEqual([1, 1, 2, 4]);
    expect([...(output.data as Float32Array)]).toEqual([0, 0, 0, 0, 1, 2, 0, 0]);
  });
});
