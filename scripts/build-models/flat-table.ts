import type { ByteBuffer } from 'flatbuffers';

/**
 * Reads a FlatBuffers table by field number, without generated code. Absent fields give the default.
 * @see https://flatbuffers.dev/internals — a table begins with the distance to its vtable; the vtable lists, from its
 *      third 16-bit word on, where each field lies in the table
 */
export class FlatTable {
  readonly #buffer: ByteBuffer;
  readonly #position: number;

  constructor(buffer: ByteBuffer, position: number) {
    this.#buffer = buffer;
    this.#position = position;
  }

  static root(buffer: ByteBuffer): FlatTable {
    return new FlatTable(buffer, buffer.readInt32(0));
  }

  int32(field: number, fallback = 0): number {
    const at = this.#find(field);
    return at === undefined ? fallback : this.#buffer.readInt32(at);
  }

  int8(field: number, fallback = 0): number {
    const at = this.#find(field);
    return at === undefined ? fallback : this.#buffer.readInt8(at);
  }

  table(field: number): FlatTable | undefined {
    const at = this.#find(field);
    return at === undefined ? undefined : new FlatTable(this.#buffer, this.#follow(at));
  }

  tables(field: number): FlatTable[] {
    return this.#vector(field, 4, (at) => new FlatTable(this.#buffer, this.#follow(at)));
  }

  integers(field: number): number[] {
    return this.#vector(field, 4, (at) => this.#buffer.readInt32(at));
  }

  string(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  /** @returns a view into the buffer; empty where the field is absent */
  bytes(field: number): Uint8Array {
    const at = this.#find(field);
    if (at === undefined) return new Uint8Array();
    const start = this.#follow(at);
    return this.#buffer.bytes().subarray(start + 4, start + 4 + this.#buffer.readInt32(start));
  }

  #vector<T>(field: number, stride: number, read: (at: number) => T): T[] {
    const at = this.#find(field);
    if (at === undefined) return [];
    const start = this.#follow(at);
    return Array.from({ length: this.#buffer.readInt32(start) }, (_, i) => read(start + 4 + i * stride));
  }

  #follow(at: number): number {
    return at + this.#buffer.readInt32(at);
  }

  #find(field: number): number | undefined {
    const vtable = this.#position - this.#buffer.readInt32(this.#position);
    const entry = 4 + 2 * field;
    if (entry >= this.#buffer.readInt16(vtable)) return undefined;
    const offset = this.#buffer.readInt16(vtable + entry);
    return offset === 0 ? undefined : this.#position + offset;
  }
}
