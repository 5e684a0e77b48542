/**
 * Pixels in memory. Coordinates count from the top left; the centre of the first pixel is (0, 0).
 */

/** Interleaved 8-bit sRGB, `data.length === width * height * 3`. Passing lends it, returning gives it away. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export type ColourMatrix = 'bt601' | 'bt709' | 'bt2020';

/** How the numbers of a YUV frame become light. Taken from the stream, never guessed twice. */
export interface YuvColour {
  readonly matrix: ColourMatrix;
  readonly range: 'limited' | 'full';
  /** Set where the frames hold more light than a standard screen shows: the transfer function of their samples. */
  readonly hdr?: HdrTransfer;
}

/** SMPTE ST 2084 (PQ) or ARIB STD-B67 (HLG). */
export type HdrTransfer = 'pq' | 'hlg';

/**
 * One 8-bit planar 4:2:0 frame: Y (width x height), then U and V (half size each), tightly packed.
 * Width and height are even.
 */
export interface I420Frame {
  readonly data: Uint8Array;
  /**
   * The samples in 10 bits, planes as in `data`, where the video has more than 8. They are what is encoded; `data` is
   * then a picture in standard range made from them, for whoever looks at the frame (core/deep-frame.ts).
   */
  readonly deep?: Uint16Array | undefined;
  /** One byte a pixel, 255 opaque; absent where all is. */
  readonly alpha?: Uint8Array | undefined;
  readonly width: number;
  readonly height: number;
  readonly colour: YuvColour;
}

/** An axis-aligned region, `[x0, x1) x [y0, y1)` in whole pixels. */
export interface Region {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}
