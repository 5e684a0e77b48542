/** What stands in front in a picture. */
import type { RgbImage } from '../../core/image.ts';
import type { Stateful } from '../../core/stateful.ts';
import type { FrameTime } from '../processors/processor.ts';

/** Owned by whoever asked for it. */
export interface Matte {
  /** One byte a pixel: 255 in front, 0 behind. */
  readonly mask: Uint8Array;
  /** The colours of what is in front alone, where the model tells them; of the size of the picture. */
  readonly foreground?: RgbImage;
}

/** What a network says of a picture, coarsely: 0..1, its rows one after another. */
export interface CoarseMask {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Finds what is in front, picture after picture. */
export interface MatteFinder extends Stateful {
  /**
   * @param picture lent
   * @returns undefined where a model's numbers are not finite
   * @throws INFERENCE_FAILED
   */
  find(picture: RgbImage, time: FrameTime): Promise<Matte | undefined>;
}
