/** What is shown: the result, the original, or both side by side in one picture. */
import { toRgba } from './i420.ts';
import type { LiveSettings } from './live-messages.ts';
import { type Answer, type Colour, HEADER_BYTES } from './live-packet.ts';

type Context = OffscreenCanvasRenderingContext2D;

export class Screen {
  readonly #canvas: OffscreenCanvas;
  readonly #context: Context;
  #pixels: OffscreenCanvas | undefined;

  /** @param canvas taken over */
  constructor(canvas: OffscreenCanvas) {
    this.#canvas = canvas;
    const context = canvas.getContext('2d', { alpha: false, desynchronized: true });
    if (!context) throw new Error('This browser gives no canvas.');
    this.#context = context;
  }

  /** @param original the packet that the answer is for, where it is still there */
  show(answer: Answer, original: Uint8Array<ArrayBuffer> | undefined, { view, split }: LiveSettings): void {
    const { width, height, planes, colour } = answer;
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const before = original?.subarray(HEADER_BYTES);
    if (view !== 'original' || !before) this.#draw(planes, colour);
    if (view === 'result' || !before) return;
    const end = view === 'split' ? Math.round(width * split) : width;
    this.#context.save();
    this.#context.beginPath();
    this.#context.rect(0, 0, end, height);
    this.#context.clip();
    this.#draw(before, colour);
    this.#context.restore();
  }

  #draw(planes: Uint8Array<ArrayBuffer>, colour: Colour): void {
    if (typeof VideoFrame === 'undefined') this.#drawPixels(planes, colour);
    else this.#drawFrame(planes, colour);
  }

  /** Through a bitmap: pixels that are put into a canvas heed no clipping. */
  #drawPixels(planes: Uint8Array<ArrayBuffer>, colour: Colour): void {
    const { width, height } = this.#canvas;
    if (this.#pixels?.width !== width || this.#pixels.height !== height)
      this.#pixels = new OffscreenCanvas(width, height);
    const image = new ImageData(width, height);
    toRgba(planes, width, height, colour, image.data);
    this.#pixels.getContext('2d')?.putImageData(image, 0, 0);
    this.#context.drawImage(this.#pixels, 0, 0);
  }

  #drawFrame(planes: Uint8Array<ArrayBuffer>, { matrix, isFull }: Colour): void {
    const frame = new VideoFrame(planes, {
      ...{ format: 'I420', codedWidth: this.#canvas.width, codedHeight: this.#canvas.height, timestamp: 0 },
      colorSpace: {
        ...{ primaries: 'bt709', transfer: 'bt709', fullRange: isFull },
        matrix: matrix === 'bt709' ? 'bt709' : 'smpte170m',
      },
    });
    this.#context.drawImage(frame, 0, 0);
    frame.close();
  }
}
