/** Finds every file that an ONNX model keeps numbers in beside itself. Field numbers are those of onnx/onnx.proto. */
import { fieldsOf, textOf } from './protobuf-reader.ts';

type Message = 'model' | 'graph' | 'function' | 'node' | 'attribute' | 'sparse' | 'tensor';

/** Where tensors stand below a message: a graph inside an `If`, a constant, the body of a function hold some too. */
const BELOW: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
};
const EXTERNAL_DATA = 13;
const ENTRY = { key: 1, value: 2 } as const;

/**
 * Names of the files, as the model gives them, each once.
 * @param model a ModelProto
 * @throws Malformed
 */
export function externalFilesOf(model: Uint8Array): readonly string[] {
  const found = new Set<string>();
  walk('model', model, found);
  return [...found];
}

function walk(kind: Message, bytes: Uint8Array, found: Set<string>): void {
  for (const { field, wire, data } of fieldsOf(bytes)) {
    if (wire !== 2) continue;
    const below = BELOW[kind][field];
    if (below) walk(below, data, found);
    else if (kind === 'tensor' && field === EXTERNAL_DATA) {
      const entry = new Map(Array.from(fieldsOf(data), (part) => [part.field, textOf(part.data)]));
      if (entry.get(ENTRY.key) === 'location') found.add(entry.get(ENTRY.value) ?? '');
    }
  }
}
