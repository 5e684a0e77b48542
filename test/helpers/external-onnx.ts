/** An ONNX file that keeps its numbers in another file, as models above 2 GB must. */
import { ProtobufWriter } from '../../scripts/build-models/protobuf-writer.ts';

const FLOAT = 1;
const EXTERNAL = 1;

/**
 * `output = input + offsets`, both float32 `[1, length]`; the offsets are the bytes of the file `location`.
 * @param inside true: the tensor is an attribute of a node in a branch of an `If`, where few look
 */
export function externalOnnx(location: string, length: number, inside = false): Uint8Array {
  const entry = (key: string, value: string) => new ProtobufWriter().string(1, key).string(2, value);
  const tensor = new ProtobufWriter()
    .integer(1, 1)
    .integer(1, length)
    .integer(2, FLOAT)
    .string(8, 'offsets')
    .message(13, entry('location', location))
    .integer(14, EXTERNAL);
  const graph = new ProtobufWriter();
  if (inside) {
    const value = new ProtobufWriter().string(1, 'value').message(5, tensor).integer(20, 4);
    const constant = new ProtobufWriter().string(2, 'offsets').string(4, 'Constant').message(5, value);
    const branch = new ProtobufWriter().message(1, constant).string(2, 'branch').message(12, vector('offsets', length));
    const attribute = (name: string) => new ProtobufWriter().string(1, name).message(6, branch).integer(20, 5);
    const node = new ProtobufWriter().string(1, 'flag').string(2, 'chosen').string(4, 'If');
    graph.message(1, node.message(5, attribute('then_branch')).message(5, attribute('else_branch')));
    const flag = new ProtobufWriter().integer(2, 9).string(8, 'flag').bytes(9, Uint8Array.of(1));
    graph.message(5, flag);
  } else {
    graph.message(5, tensor);
  }
  const add = new ProtobufWriter()
    .string(1, 'input')
    .string(1, inside ? 'chosen' : 'offsets')
    .string(2, 'output');
  graph.message(1, add.string(4, 'Add')).string(2, 'graph');
  graph.message(11, vector('input', length)).message(12, vector('output', length));
  const opset = new ProtobufWriter().string(1, '').integer(2, 17);
  return new ProtobufWriter().integer(1, 8).message(7, graph).message(8, opset).toBytes();
}

function vector(name: string, length: number): ProtobufWriter {
  const size = (value: number) => new ProtobufWriter().integer(1, value);
  const shape = new ProtobufWriter().message(1, size(1)).message(1, size(length));
  const type = new ProtobufWriter().message(1, new ProtobufWriter().integer(1, FLOAT).message(2, shape));
  return new ProtobufWriter().string(1, name).message(2, type);
}
