/** The pixel loops in WebAssembly SIMD; their sources are in ./assembly. Addresses are bytes in `memory`. */
import { type GrowingMemory, KernelMemory } from './kernel-memory.ts';
import { KERNELS_WASM } from './kernels.wasm.generated.ts';

/** What the module exports. Each function's parameters are described in its source. */
export interface KernelCode {
  /** ./assembly/warp.ts */
  warp(
    from: number,
    width: number,
    height: number,
    to: number,
    nodes: number,
    columns: number,
    rows: number,
    cell: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
  ): void;
  /** ./assembly/warp.ts */
  copyPart(from: number, to: number, width: number, x0: number, y0: number, x1: number, y1: number): void;
  /** ./assembly/draw.ts */
  draw(
    target: number,
    out: number,
    width: number,
    height: number,
    vertices: number,
    triangles: number,
    triangleCount: number,
    texture: number,
    size: number,
    rowTexels: number,
    grain: number,
    chroma: number,
    darkOffset: number,
    scratch: number,
  ): void;
  drawScratchBytes(triangleCount: number): number;
  /** ./assembly/yuv.ts */
  i420ToRgb(
    luma: number,
    u: number,
    v: number,
    to: number,
    copy: number,
    width: number,
    height: number,
    lumaOffset: number,
    lumaScale: number,
    redFromV: number,
    greenFromU: number,
    greenFromV: number,
    blueFromU: number,
  ): void;
  /** ./assembly/yuv.ts */
  rgbToI420(
    from: number,
    before: number,
    luma: number,
    u: number,
    v: number,
    width: number,
    height: number,
    lumaOffset: number,
    yFromRed: number,
    yFromGreen: number,
    yFromBlue: number,
    uFromRed: number,
    uFromGreen: number,
    uFromBlue: number,
    vFromRed: number,
    vFromGreen: number,
    vFromBlue: number,
  ): void;
  /** ./assembly/crop.ts */
  cropI420(
    luma: number,
    u: number,
    v: number,
    width: number,
    height: number,
    to: number,
    size: number,
    x0: number,
    y0: number,
    stepX: number,
    stepY: number,
    lineX: number,
    lineY: number,
    samples: number,
    nearest: number,
    lumaOffset: number,
    lumaScale: number,
    redFromV: number,
    greenFromU: number,
    greenFromV: number,
    blueFromU: number,
    scale: number,
    offset: number,
  ): void;
  /** ./assembly/light.ts */
  lowBand(
    colour: number,
    weight: number,
    size: number,
    outliers: number,
    known: number,
    centre: number,
    light: number,
    scratch: number,
    outlierWide: number,
    outlierRadius: number,
    wideRadius: number,
    lumaRadius: number,
    chromaRadius: number,
    passes: number,
  ): void;
  lowBandScratchBytes(count: number): number;
  /** ./assembly/watermark.ts */
  canonicalLuma(
    luma: number,
    width: number,
    to: number,
    columns: number,
    rows: number,
    starts: number,
    sums: number,
    deep: number,
  ): void;
  /** ./assembly/watermark.ts */
  absoluteDifference(values: number, means: number, to: number, count: number): void;
  /** ./assembly/watermark.ts */
  watermarkPattern(activity: number, tile: number, columns: number, rows: number, strength: number): void;
  /** ./assembly/watermark.ts */
  addWatermark(
    luma: number,
    width: number,
    height: number,
    pattern: number,
    columns: number,
    rows: number,
    column: number,
    part: number,
    dither: number,
    ditherMask: number,
    ditherStep: number,
    lines: number,
    deep: number,
  ): void;
  /** ./assembly/blur.ts */
  blur(
    values: number,
    turned: number,
    width: number,
    height: number,
    channels: number,
    radius: number,
    passes: number,
  ): void;
}

interface KernelExports extends KernelCode {
  readonly memory: GrowingMemory;
  heapBase(): number;
}

/** One instance of the kernels with its own memory, which only grows; it goes when nobody holds the instance. */
export interface Kernels {
  readonly memory: KernelMemory;
  readonly code: KernelCode;
}

// The types of WebAssembly come with those of a browser, which is not what runs this.
const { WebAssembly: wasm } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (binary: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: unknown };
  };
};

/** Compiled once a process: a module is code without state. */
let compiled: object | undefined;

/** Creates an instance with an empty memory; takes well under a millisecond after the first. */
export function createKernels(): Kernels {
  compiled ??= new wasm.Module(Buffer.from(KERNELS_WASM, 'base64'));
  const code = new wasm.Instance(compiled).exports as KernelExports;
  return { memory: new KernelMemory(code.memory, code.heapBase()), code };
}
