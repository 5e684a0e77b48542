/** A small picture of the frame that was finished last, for whoever waits. It leaves the run, and so it is marked, too. */
import { rename, rm } from 'node:fs/promises';
import type { I420Frame } from '../../core/image.ts';
import { isI420 } from '../../engine/frames/picture.ts';
import { toRgb } from '../../engine/frames/yuv.ts';
import { createWatermarkEmbedder, type WatermarkEmbedder } from '../../engine/watermark/embed-watermark.ts';
import { writeImage } from '../../media/write-image.ts';
import type { TrustStep } from '../trust-step.ts';
import { markPhoto } from './invisible-mark.ts';
import type { RunGuard } from './run-guard.ts';

/** Milliseconds from one picture to the next: it costs some 25 ms at 1080p. */
const EVERY_MS = 1000;
/** Pixels: twice what a row of a queue shows, and enough for the mark to be read (see the test). */
const LONGEST_EDGE = 480;
const QUALITY = 85;

interface Made {
  /** When, by `performance.now`. */
  at: number;
  readonly embedder: WatermarkEmbedder;
}
/** The last one, by run. */
const MADE = new WeakMap<RunGuard, Made>();

export const latestFrame: TrustStep = {
  id: 'latest-frame',
  stage: 'mark',
  async afterEachFrame(picture, _place, { kind, guard }) {
    const { latestFramePath: path, installed, aigc } = guard;
    // Content Credentials are made of whole outputs only: where the policy asks for them nothing leaves without.
    if (path === undefined || kind !== 'video' || installed.policy.credentials === 'required') return;
    const made = madeOf(guard);
    const now = performance.now();
    if (!isI420(picture) || now - made.at < EVERY_MS) return;
    made.at = now;
    const small = toRgb(shrink(picture));
    // At this size: the frame itself is marked after this, and too finely for a picture so small.
    markPhoto(small, made.embedder);
    const like = { path, image: small, metadata: METADATA, notes: [] };
    const partialPath = `${path}.new`;
    await writeImage({ path, partialPath }, small, like, { quality: QUALITY, aigc });
    await rename(partialPath, path);
  },
  async afterFailure(_error, { guard: { latestFramePath: path } }) {
    if (path !== undefined) await rm(path, { force: true });
  },
};

function madeOf(guard: RunGuard): Made {
  let made = MADE.get(guard);
  if (!made) {
    const { watermarkSecret: secret, payload, installed } = guard;
    const { strength } = installed.policy.watermark;
    const embedder = createWatermarkEmbedder({ secret, payload, strength });
    MADE.set(guard, (made = { at: Number.NEGATIVE_INFINITY, embedder }));
  }
  return made;
}

/** By a whole factor, so that `LONGEST_EDGE` is not exceeded: every pixel is the mean of a square. */
function shrink({ data, width, height, colour }: I420Frame): I420Frame {
  const factor = Math.max(1, Math.ceil(Math.max(width, height) / LONGEST_EDGE));
  const even = (edge: number): number => Math.max(2, 2 * Math.floor(edge / factor / 2));
  const small = { width: even(width), height: even(height) };
  const out = new Uint8Array((small.width * small.height * 3) / 2);
  let [from, to] = [0, 0];
  for (const part of [1, 2, 2]) {
    const [stride, rows, columns] = [width / part, small.height / part, small.width / part];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        const first = from + y * factor * stride + x * factor;
        for (let v = 0; v < factor; v++) {
          for (let at = first + v * stride, end = at + factor; at < end; at++) sum += data[at]!;
        }
        out[to++] = Math.round(sum / (factor * factor));
      }
    }
    from += (width / part) * (height / part);
  }
  return { ...small, data: out, colour };
}

const METADATA = { format: 'jpg', channels: 3, bitsPerChannel: 8, colourSpace: 'srgb' } as const;
