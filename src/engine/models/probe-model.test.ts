import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { OnnxGraph } from '../../../scripts/build-models/onnx-graph.ts';
import { ProtobufWriter } from '../../../scripts/build-models/protobuf-writer.ts';
import { externalOnnx } from '../../../test/helpers/external-onnx.ts';
import { findCatalogueModel } from './catalogue/catalogue.ts';
import { probeModel } from './probe-model.ts';

const ID = 'crossface_simswap';
const model = findCatalogueModel(ID)!;
const folder = mkdtempSync(join(tmpdir(), 'facefusion-probe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

it('a model larger than the memory is judged by what its file says', async () => {
  // The file takes no room on the disk.
  writeFileSync(at('weights.bin'), '');
  truncateSync(at('weights.bin'), totalmem() * 2);
  writeFileSync(at('good.onnx'), externalOnnx('weights.bin', 512));
  expect(await probeModel(at('good.onnx'), ID, model)).toEqual({
    ...{ opset: 17, external: ['weights.bin'], isTried: false },
    inputs: [{ name: 'input', dtype: 'float32', shape: [1, 512] }],
    outputs: [{ name: 'output', dtype: 'float32', shape: [1, 512] }],
  });
  writeFileSync(at('bad.onnx'), externalOnnx('weights.bin', 256));
  await expect(probeModel(at('bad.onnx'), ID, model)).rejects.toMatchObject({
    ...{ code: 'MODEL_IO_MISMATCH', message: expect.stringContaining('input: float32[1, 256]') },
  });
});

it('operators that ONNX Runtime does not have are named', async () => {
  const graph = new OnnxGraph();
  graph.output('output', graph.node('Imaginary', [graph.input('input', [1, 512])]), [1, 512]);
  writeFileSync(at('a.onnx'), graph.toBytes());
  await expect(probeModel(at('a.onnx'), ID, model)).rejects.toMatchObject({
    ...{ code: 'MODEL_UNREADABLE', message: expect.stringContaining('Imaginary') },
  });
});

it('an output may leave open how many axes it has', async () => {
  const value = (name: string, ...sizes: string[]): ProtobufWriter => {
    const type = new ProtobufWriter().integer(1, 1);
    const shape = new ProtobufWriter();
    for (const size of sizes) shape.message(1, new ProtobufWriter().string(2, size));
    if (sizes.length > 0) type.message(2, shape);
    return new ProtobufWriter().string(1, name).message(2, new ProtobufWriter().message(1, type));
  };
  // Which axes go depends on sizes that only a run knows.
  const squeeze = new ProtobufWriter().string(1, 'input').string(2, 'output').string(4, 'Squeeze');
  const graph = new ProtobufWriter().message(1, squeeze).string(2, 'graph');
  graph.message(11, value('input', 'batch', 'length')).message(12, value('output'));
  const opset = new ProtobufWriter().string(1, '').integer(2, 17);
  writeFileSync(at('b.onnx'), new ProtobufWriter().integer(1, 8).message(7, graph).message(8, opset).toBytes());
  expect((await probeModel(at('b.onnx'), ID, model)).outputs).toEqual([
    { name: 'output', dtype: 'float32', shape: [] },
  ]);
});
