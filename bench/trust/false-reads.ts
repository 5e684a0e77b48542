/** Reads that must find nothing: pictures without a mark, and with that of another key. */
import { createWatermarkDetector } from '../../src/engine/watermark/detect-watermark.ts';
import { createWatermarkEmbedder } from '../../src/engine/watermark/embed-watermark.ts';
import { lumaOfPhoto } from '../../src/trust/guard/invisible-mark.ts';
import { samplePhotos } from './sample-photos.ts';

/** Size of the parts that are read. */
const [WIDTH, HEIGHT] = [384, 288];
/** What a read tries at most: sizes, halves of cells, places. Each needs a tag of 32 bits to fit. */
const TRIES = 7 * 4 * 3;
const TAG_BITS = 32;

export interface FalseReads {
  readonly reads: number;
  readonly found: number;
  /** Of one read, without counting on the pilot at all. */
  readonly computedBound: number;
  readonly ok: boolean;
}

/** @param otherSecret marks every second picture */
export async function measureFalseReads(
  secret: Buffer,
  otherSecret: Buffer,
  reads: number,
  say: (text: string) => void,
): Promise<FalseReads> {
  const detector = createWatermarkDetector(secret);
  const photos = (await samplePhotos()).map((photo) => ({ ...photo, luma: lumaOfPhoto(photo) }));
  let state = 7;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let found = 0;
  for (let at = 0; at < reads; at++) {
    const { luma, width, height } = photos[at % photos.length]!;
    const [x, y] = [next(width - WIDTH), next(height - HEIGHT)];
    const part = new Uint8Array(WIDTH * HEIGHT);
    for (let row = 0; row < HEIGHT; row++) {
      part.set(luma.subarray((y + row) * width + x, (y + row) * width + x + WIDTH), row * WIDTH);
    }
    const size = { width: WIDTH, height: HEIGHT };
    if (at % 2 === 1) {
      const payload = { installation: '0badcafe', job: at.toString(16).padStart(8, '0') };
      createWatermarkEmbedder({ secret: otherSecret, payload, strength: 1.6 }).embed(part, size);
    }
    if (detector.detect(part, size)) found++;
    if (at % 1000 === 999) say(`read ${at + 1} of ${reads}`);
  }
  return { reads, found, computedBound: TRIES / 2 ** TAG_BITS, ok: found === 0 };
}
