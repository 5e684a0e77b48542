/** Memory shared with the kernels: one growing block, handed out in buffers that keep what they once needed. */
import { AppError } from '../../core/errors.ts';

const PAGE = 65536;
/** Buffers begin on a cache line. */
const ALIGNMENT = 64;
/** Kernels read whole vectors: up to this many bytes before and after a buffer may be read, never written. */
const SLACK = 64;

/** What KernelMemory needs of `WebAssembly.Memory`. */
export interface GrowingMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface Block {
  readonly start: number;
  readonly size: number;
}

/** First-fit allocator over a WebAssembly memory. Growing detaches every typed array on it: take views late. */
export class KernelMemory {
  readonly #memory: GrowingMemory;
  /** Free blocks below `#end`, by address, never adjacent. */
  #free: Block[] = [];
  #end: number;

  /** @param base first byte that the kernels' own data leaves free */
  constructor(memory: GrowingMemory, base: number) {
    this.#memory = memory;
    this.#end = align(base);
  }

  /** The memory as it is now. Another one after growth. */
  get bytes(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /** An empty buffer of this memory. */
  createBuffer(): KernelBuffer {
    return new KernelBuffer(this);
  }

  /**
   * Takes a block of at least `size` bytes. For KernelBuffer.
   * @throws INPUT_TOO_LARGE when the memory cannot grow any further
   */
  take(size: number): Block {
    const wanted = align(size + 2 * SLACK);
    const i = this.#free.findIndex((block) => block.size >= wanted);
    if (i >= 0) {
      const { start, size: available } = this.#free[i];
      this.#free.splice(i, 1, ...(available > wanted ? [{ start: start + wanted, size: available - wanted }] : []));
      return { start: start + SLACK, size: wanted - 2 * SLACK };
    }
    const start = this.#end;
    this.#grow(start + wanted);
    this.#end = start + wanted;
    return { start: start + SLACK, size: wanted - 2 * SLACK };
  }

  /** Gives a block back. For KernelBuffer. */
  giveBack(block: Block): void {
    let start = block.start - SLACK;
    let end = block.start + block.size + SLACK;
    this.#free = this.#free.filter((other) => {
      const otherEnd = other.start + other.size;
      if (other.start !== end && otherEnd !== start) return true;
      start = Math.min(start, other.start);
      end = Math.max(end, otherEnd);
      return false;
    });
    if (end === this.#end) this.#end = start;
    else this.#free.push({ start, size: end - start });
    this.#free.sort((a, b) => a.start - b.start);
  }

  #grow(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.#memory.grow(Math.ceil(missing / PAGE));
    } catch (cause) {
      throw new AppError('INPUT_TOO_LARGE', `Expected room for ${bytes} bytes of pixels, the memory is full.`, {
        hint: 'Use a smaller picture.',
        cause,
      });
    }
  }
}

/** A piece of kernel memory that grows on demand and is then reused. Its creator releases it. */
export class KernelBuffer {
  readonly #memory: KernelMemory;
  #block: Block | undefined;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** Address for a kernel; 0 before the first `reserve`. */
  get pointer(): number {
    return this.#block?.start ?? 0;
  }

  /** Makes room for `bytes`, dropping the content where the buffer has to move. Returns the address. */
  reserve(bytes: number): number {
    if (!this.#block || this.#block.size < bytes) {
      this.release();
      this.#block = this.#memory.take(bytes);
    }
    return this.#block.start;
  }

  /** View of the first `length` bytes, valid until the memory grows. */
  bytes(length: number): Uint8Array {
    return new Uint8Array(this.#memory.bytes, this.pointer, length);
  }

  /** View of the first `length` 32-bit floats, valid until the memory grows. */
  floats(length: number): Float32Array {
    return new Float32Array(this.#memory.bytes, this.pointer, length);
  }

  /** Gives the memory back; the buffer may be used again. */
  release(): void {
    if (this.#block) this.#memory.giveBack(this.#block);
    this.#block = undefined;
  }
}

const align = (value: number): number => Math.ceil(value / ALIGNMENT) * ALIGNMENT;
