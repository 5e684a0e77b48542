/** A frame of a camera, packed for the service. */
import { fromRgba, mirror, splitChroma } from './i420.ts';
import type { LiveSettings } from './live-messages.ts';
import { type Colour, HEADER_BYTES, packetBytes } from './live-packet.ts';

export interface Captured {
  readonly packet: Uint8Array<ArrayBuffer>;
  readonly colour: Colour;
}

/** What a canvas gives is made by `fromRgba`. */
const OF_CANVAS: Colour = { matrix: 'bt601', isFull: false };

/** Packs frames of one worker, with memory of its own. */
export class Capture {
  #scratch = new Uint8Array(0);
  #canvas: OffscreenCanvas | undefined;

  /** @param frame lent. @returns room for the header, and the planes behind it */
  async pack(frame: VideoFrame | ImageBitmap, settings: LiveSettings): Promise<Captured> {
    const { width, height } = settings;
    const packet = new Uint8Array(packetBytes(width, height));
    const planes = packet.subarray(HEADER_BYTES);
    const colour = (await this.#copy(frame, planes, width, height)) ?? this.#draw(frame, planes, width, height);
    if (settings.mirror) mirror(planes, width, height);
    return { packet, colour };
  }

  /** @returns undefined for frames of another size or kind: they have to be drawn */
  async #copy(
    frame: VideoFrame | ImageBitmap,
    planes: Uint8Array<ArrayBuffer>,
    width: number,
    height: number,
  ): Promise<Colour | undefined> {
    if (!('copyTo' in frame)) return undefined;
    const { format, visibleRect, colorSpace } = frame;
    if (visibleRect?.width !== width || visibleRect.height !== height) return undefined;
    const count = width * height;
    const luma = { offset: 0, stride: width };
    if (format === 'I420') {
      const [u, v] = [count, (count * 5) / 4].map((offset) => ({ offset, stride: width / 2 }));
      await frame.copyTo(planes, { layout: [luma, u!, v!] });
    } else if (format === 'NV12') {
      if (this.#scratch.length !== planes.length) this.#scratch = new Uint8Array(planes.length);
      await frame.copyTo(this.#scratch, { layout: [luma, { offset: count, stride: width }] });
      splitChroma(this.#scratch, planes, width, height);
    } else {
      return undefined;
    }
    return { matrix: colorSpace.matrix === 'bt709' ? 'bt709' : 'bt601', isFull: colorSpace.fullRange === true };
  }

  /** Fills the size, cut evenly at both sides where the shape is another. */
  #draw(frame: VideoFrame | ImageBitmap, planes: Uint8Array, width: number, height: number): Colour {
    if (this.#canvas?.width !== width || this.#canvas.height !== height)
      this.#canvas = new OffscreenCanvas(width, height);
    const context = this.#canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    if (!context) throw new Error('This browser gives no canvas.');
    const [from, rows] =
      'displayWidth' in frame ? [frame.displayWidth, frame.displayHeight] : [frame.width, frame.height];
    const scale = Math.max(width / from, height / rows);
    const [wide, high] = [from * scale, rows * scale];
    context.drawImage(frame, (width - wide) / 2, (height - high) / 2, wide, high);
    fromRgba(context.getImageData(0, 0, width, height).data, planes, width, height);
    return OF_CANVAS;
  }
}
