/**
 * What the embedded content classifier says of harmless pictures: whole photos, close faces, parts of photos, video
 * frames. Prints JSON: how many, the highest scores, and how many would be refused at some limits.
 * Usage: npx tsx bench/trust/content-scores.ts
 */
import type { RgbImage } from '../../src/core/image.ts';
import { openContentClassifier } from '../../src/engine/content/content-classifier.ts';
import { createFaceAnalyser } from '../../src/engine/faces/analyse.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { readSampleFrames, readSamplePhoto } from '../../test/helpers/sample-media.ts';

await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
const classifier = await openContentClassifier(store);
const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
const scores: Record<'photos' | 'faces' | 'parts' | 'frames', number[]> = {
  photos: [],
  faces: [],
  parts: [],
  frames: [],
};

function cut({ data, width, height }: RgbImage, x0: number, y0: number, x1: number, y1: number): RgbImage {
  const [left, top] = [Math.max(0, Math.round(x0)), Math.max(0, Math.round(y0))];
  const [right, bottom] = [Math.min(width, Math.round(x1)), Math.min(height, Math.round(y1))];
  const out = new Uint8Array((right - left) * (bottom - top) * 3);
  for (let y = top; y < bottom; y++) {
    out.set(data.subarray((y * width + left) * 3, (y * width + right) * 3), (y - top) * (right - left) * 3);
  }
  return { data: out, width: right - left, height: bottom - top };
}

for (const number of [1, 2, 3, 4, 5, 6] as const) {
  const photo = await readSamplePhoto(number);
  const { width: w, height: h } = photo;
  scores.photos.push(await classifier.score(photo));
  for (const { box } of await analyser.analyse(photo)) {
    const [dx, dy] = [box.x1 - box.x0, box.y1 - box.y0];
    for (const margin of [0.15, 0.3, 0.5, 1, 1.5]) {
      const face = cut(photo, box.x0 - dx * margin, box.y0 - dy * margin, box.x1 + dx * margin, box.y1 + dy * margin);
      scores.faces.push(await classifier.score(face));
    }
  }
  for (const share of [0.35, 0.5, 0.7]) {
    for (const x of [0, 0.5, 1]) {
      for (const y of [0, 0.5, 1]) {
        const [left, top] = [w * (1 - share) * x, h * (1 - share) * y];
        scores.parts.push(await classifier.score(cut(photo, left, top, left + w * share, top + h * share)));
      }
    }
  }
}
for (const clip of ['cap12_edit', 'cap13_edit2'] as const) {
  for (const frame of readSampleFrames(clip, 2, 40)) scores.frames.push(await classifier.score(frame));
}

const report = Object.fromEntries(
  Object.entries(scores).map(([name, values]) => {
    const highest = values.toSorted((a, b) => b - a);
    const over = Object.fromEntries(
      [0.6, 0.7, 0.75, 0.8].map((limit) => [limit, highest.filter((v) => v >= limit).length]),
    );
    return [
      name,
      { count: values.length, highest: highest.slice(0, 5).map((v) => Number(v.toFixed(3))), refusedAt: over },
    ];
  }),
);
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
