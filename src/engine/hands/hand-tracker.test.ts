/**
 * The real models on real hands: cut out of a sample photo by their brightness (so that the models do not judge
 * themselves), tinted like the skin of a face, and laid over it.
 */
import { deserialize, serialize } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleFrames, readSamplePhoto } from '../../../test/helpers/sample-media.ts';
import type { RgbImage } from '../../core/image.ts';
import { createFaceAnalyser } from '../faces/analyse.ts';
import { boundsOf } from '../faces/boxes.ts';
import type { Face } from '../faces/face.ts';
import { applyAffine, squareToImage } from '../frames/similarity.ts';
import { i420ToRgb } from '../frames/yuv.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { type HandPoints, palmWidthOf, turnOf } from './hand.ts';
import { openHandFinder } from './hand-landmarks.ts';
import { type HandMatte, handCoverageAt } from './hand-matte.ts';
import { createHandTracker, handSearchRegion } from './hand-tracker.ts';
import { openPalmDetector } from './palms.ts';

/** Hands of sample2.jpg on a dark ground, about here. */
const HANDS = [
  [414, 1132],
  [876, 1066],
] as const;

interface HandCut {
  readonly photo: RgbImage;
  readonly points: HandPoints;
  /** 1 where the photo shows the hand. */
  readonly mask: Uint8Array;
  readonly colour: readonly [number, number, number];
}

let store: ModelStore;
let cuts: HandCut[];
let portrait: { image: RgbImage; face: Face };
let videoFace: { frames: RgbImage[]; face: Face };

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  const photo = await readSamplePhoto(2);
  cuts = [];
  for (const [x, y] of HANDS) cuts.push(await cutHand(photo, x, y));
  const analyser = await createFaceAnalyser(store, { minimumScore: 0.5 });
  const image = await readSamplePhoto(6);
  const faces = await analyser.analyse(image);
  portrait = { image, face: faces.find(({ box }) => box.x0 > 200 && box.x0 < 300)! };
  const frames = readSampleFrames('cap12_edit', 4, 45, 800, 600).map((frame) => {
    const rgb: RgbImage = { data: new Uint8Array(800 * 600 * 3), width: 800, height: 600 };
    i420ToRgb(frame, rgb, { x0: 0, y0: 0, x1: 800, y1: 600 });
    return rgb;
  });
  videoFace = { frames, face: (await analyser.analyse(frames[0]!))[0]! };
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function cutHand(photo: RgbImage, x: number, y: number): Promise<HandCut> {
  const palms = await openPalmDetector(store);
  const [palm] = await palms.detect(photo, { centreX: x, centreY: y, side: 500 });
  const finder = await openHandFinder(store);
  const { points } = await finder.find(photo, palm!.hand);
  const { data, width, height } = photo;
  const brightness = (p: number): number => 0.3 * data[p * 3]! + 0.59 * data[p * 3 + 1]! + 0.11 * data[p * 3 + 2]!;
  const indexOf = (px: number, py: number): number => Math.round(py) * width + Math.round(px);
  const knuckles = [5, 9, 13, 17].map((i) => brightness(indexOf(points[i * 3]!, points[i * 3 + 1]!)));
  const skin = knuckles.sort((a, b) => a - b)[1]!;
  const reach = 0.5 * palmWidthOf(points);
  const isNear = (p: number): boolean => {
    for (let i = 0; i < points.length; i += 3) {
      if (Math.hypot((p % width) - points[i]!, Math.floor(p / width) - points[i + 1]!) < reach) return true;
    }
    return false;
  };
  // Flood from the landmarks over whatever is as bright as skin.
  const mask = new Uint8Array(width * height);
  const open = Array.from({ length: 21 }, (_, i) => indexOf(points[i * 3]!, points[i * 3 + 1]!));
  const sum = [0, 0, 0];
  let count = 0;
  while (open.length > 0) {
    const p = open.pop()!;
    const isSkin = brightness(p) > 0.42 * skin && data[p * 3]! > 0.92 * data[p * 3 + 2]!;
    if (p < width || p >= width * (height - 1) || mask[p] || !isSkin || !isNear(p)) continue;
    mask[p] = 1;
    for (let c = 0; c < 3; c++) sum[c]! += data[p * 3 + c]!;
    count++;
    open.push(p - 1, p + 1, p - width, p + width);
  }
  return { photo, points, mask, colour: [sum[0]! / count, sum[1]! / count, sum[2]! / count] };
}

/** Lays a hand over a face, wrist below it; returns where it is. */
function layHand(cut: HandCut, image: RgbImage, face: Face, shiftX: number, shiftY: number, turn: number): Uint8Array {
  const { points } = cut;
  const bounds = boundsOf(face.mesh);
  const faceWidth = bounds.x1 - bounds.x0;
  const palm = palmWidthOf(points);
  const side = (palm * 100) / (0.44 * faceWidth);
  const angle = turnOf(points[0]!, points[1]!, points[27]!, points[28]!) - turn;
  // From 100 units around the place on the face to the hand's photo.
  const matrix = squareToImage(points[27]!, points[28]!, side, angle, 100);
  const skin = [50, 280, 151].map((v) => {
    const p = (Math.round(face.mesh[v * 3 + 1]!) * image.width + Math.round(face.mesh[v * 3]!)) * 3;
    return [image.data[p]!, image.data[p + 1]!, image.data[p + 2]!];
  });
  const tint = cut.colour.map((value, c) => (skin[0]![c]! + skin[1]![c]! + skin[2]![c]!) / 3 / value);
  const laid = new Uint8Array(image.width * image.height);
  const originX = (bounds.x0 + bounds.x1) / 2 + shiftX * faceWidth - 49.5;
  const originY = (bounds.y0 + bounds.y1) / 2 + shiftY * faceWidth - 49.5;
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const [u, v] = applyAffine(matrix, x - originX, y - originY).map(Math.round) as [number, number];
      if (u < 0 || v < 0 || u >= cut.photo.width || v >= cut.photo.height) continue;
      const from = v * cut.photo.width + u;
      if (!cut.mask[from]) continue;
      const to = y * image.width + x;
      laid[to] = 1;
      for (let c = 0; c < 3; c++) {
        image.data[to * 3 + c] = Math.min(255, cut.photo.data[from * 3 + c]! * tint[c]!);
      }
    }
  }
  return laid;
}

/** Shares, inside the face: hand that the matte covers, and face that it takes for hand. */
function judge(matte: HandMatte | null, laid: Uint8Array, width: number, face: Face): { kept: number; lost: number } {
  const { x0, y0, x1, y1 } = boundsOf(face.mesh);
  let [hand, kept, skin, lost] = [0, 0, 0, 0];
  for (let y = Math.ceil(y0); y < y1; y++) {
    for (let x = Math.ceil(x0); x < x1; x++) {
      const covered = matte ? handCoverageAt(matte, x, y) : 0;
      if (laid[y * width + x]) {
        hand++;
        kept += covered;
      } else {
        skin++;
        lost += covered;
      }
    }
  }
  return { kept: kept / hand, lost: lost / skin };
}

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const copyOf = (image: RgbImage): RgbImage => ({ ...image, data: image.data.slice() });

describe('createHandTracker', () => {
  it('keeps the hand and gives little of the face away for it', async () => {
    const kept: number[] = [];
    const lost: number[] = [];
    for (const [hand, x, y, turn] of [
      [0, 0.3, 0.35, -0.5],
      [0, -0.3, 0.35, 0.6],
      [0, 0, 0.4, 0],
      [1, 0.05, 0.45, 0],
      [1, -0.35, 0.15, 0.8],
      [1, 0.35, 0.3, -0.7],
    ] as const) {
      const image = copyOf(portrait.image);
      const laid = layHand(cuts[hand]!, image, portrait.face, x, y, turn);
      const tracker = await createHandTracker(store);
      const matte = await tracker.update(image, portrait.face.box);
      const result = judge(matte, laid, image.width, portrait.face);
      kept.push(result.kept);
      lost.push(result.lost);
    }
    expect(medianOf(kept)).toBeGreaterThan(0.9);
    expect(Math.min(...kept)).toBeGreaterThan(0.8);
    expect(medianOf(lost)).toBeLessThan(0.1);
    // One of the hands lost its shaded thumb when it was cut, and the model draws it all the same.
    expect(Math.max(...lost)).toBeLessThan(0.15);
  });

  it('sees no hand where there is none', async () => {
    const tracker = await createHandTracker(store);
    expect(await tracker.update(portrait.image, portrait.face.box)).toBeNull();
  });

  it('follows a hand that comes into a video, and lets go when it leaves', async () => {
    const tracker = await createHandTracker(store);
    const kept: number[] = [];
    const lost: number[] = [];
    const seen: boolean[] = [];
    for (const [i, frame] of videoFace.frames.entries()) {
      const image = copyOf(frame);
      // Comes from the right in frame 8, passes before the cheek, is gone from frame 34 on.
      const isThere = i >= 8 && i < 34;
      const laid = isThere
        ? layHand(cuts[0]!, image, videoFace.face, 0.55 - 0.02 * (i - 8), 0.4, -0.5)
        : new Uint8Array(image.width * image.height);
      const matte = await tracker.update(image, videoFace.face.box, i === 8, i / 25);
      seen.push(matte !== null);
      if (!isThere || i < 20) continue;
      const result = judge(matte, laid, image.width, videoFace.face);
      kept.push(result.kept);
      lost.push(result.lost);
    }
    expect(seen.slice(0, 8).some(Boolean)).toBe(false);
    expect(seen.slice(20, 34).every(Boolean)).toBe(true);
    expect(seen.slice(36).some(Boolean)).toBe(false);
    expect(Math.min(...kept)).toBeGreaterThan(0.8);
    expect(Math.max(...lost)).toBeLessThan(0.1);
  });

  it('goes on from a saved state as if nothing had happened', async () => {
    const whole = await createHandTracker(store);
    let bytes = serialize(whole.save());
    const seen: boolean[] = [];
    for (const [i, frame] of videoFace.frames.entries()) {
      const image = copyOf(frame);
      if (i >= 8 && i < 34) layHand(cuts[0]!, image, videoFace.face, 0.55 - 0.02 * (i - 8), 0.4, -0.5);
      const expected = await whole.update(image, videoFace.face.box, i === 8, i / 25);
      seen.push(expected !== null);
      // A fresh tracker for every frame: whatever is remembered has gone through bytes.
      const part = await createHandTracker(store);
      part.restore(deserialize(bytes));
      const matte = await part.update(image, videoFace.face.box, i === 8, i / 25);
      expect(serialize(matte).equals(serialize(expected)), `frame ${i}`).toBe(true);
      bytes = serialize(part.save());
    }
    expect([seen[0], seen[25], seen[44]]).toEqual([false, true, false]);
  });

  it.each([
    [undefined, 12, 3],
    [6, 6, 2],
  ])(
    'searches at once after a reset, then as often as asked, sooner on a cue (%s)',
    async (searchEvery, usual, onCue) => {
      const image = copyOf(portrait.image);
      layHand(cuts[1]!, image, portrait.face, 0.05, 0.45, 0);
      const tracker = await createHandTracker(store, searchEvery ? { searchEvery } : {});
      const framesUntilSeen = async (cue: boolean): Promise<number> => {
        for (let frame = 1; frame < 30; frame++) {
          if (await tracker.update(image, portrait.face.box, cue)) return frame;
        }
        return 30;
      };
      expect(await tracker.update(portrait.image, portrait.face.box)).toBeNull();
      expect(await framesUntilSeen(false)).toBe(usual);
      tracker.reset();
      expect(await framesUntilSeen(false)).toBe(1);
      tracker.reset();
      expect(await tracker.update(portrait.image, portrait.face.box)).toBeNull();
      expect(await framesUntilSeen(true)).toBe(onCue);
    },
  );
});

describe('handSearchRegion', () => {
  it('surrounds the face and stays inside the picture', () => {
    expect(handSearchRegion({ x0: 100, y0: 100, x1: 200, y1: 200 }, { width: 230, height: 1000 })).toEqual({
      x0: 40,
      y0: 50,
      x1: 230,
      y1: 270,
    });
  });
});
