/** Reads protobuf messages field by field, without a schema. @see https://protobuf.dev/programming-guides/encoding */

/** What is no protobuf message, or ends before it should; `message` says which, to follow "it is none:". */
export class Malformed extends Error {}

/** One field of a message. */
export interface Field {
  readonly field: number;
  /** 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
  readonly wire: number;
  /** Of a varint. */
  readonly value: number;
  /** A view of the bytes of the others. */
  readonly data: Uint8Array;
}

const NONE = new Uint8Array(0);

/** The fields of a message, in their order. @throws Malformed, when it is reached */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    // Beyond 2^53 nothing here is counted; negative numbers lose their sign, which nothing here has.
    let value = 0;
    for (let shift = 1, length = 0; length < 10; length++, shift *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Malformed('it ends in the middle');
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
    throw new Malformed('it is no protobuf message');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Malformed('it ends in the middle');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    const wire = key % 8;
    if (field === 0) throw new Malformed('it is no protobuf message');
    if (wire === 0) yield { field, wire, value: varint(), data: NONE };
    else if (wire === 2) yield { field, wire, value: 0, data: take(varint()) };
    else if (wire === 1 || wire === 5) yield { field, wire, value: 0, data: take(wire === 1 ? 8 : 4) };
    else throw new Malformed('it is no protobuf message');
  }
}

/** The numbers of a packed field. */
export function varintsOf(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 1;
  for (const byte of bytes) {
    value += (byte & 127) * shift;
    shift *= 128;
    if (byte >= 128) continue;
    values.push(value);
    value = 0;
    shift = 1;
  }
  return values;
}

/** The text of a field. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
