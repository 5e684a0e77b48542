/** The real models on the sample photos: 22 faces of women, one of them twice, one in profile; a man in two videos. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleFrames, readSamplePhoto, turnImage } from '../../../test/helpers/sample-media.ts';
import type { RgbImage } from '../../core/image.ts';
import { i420ToRgb } from '../frames/yuv.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../inference/session.ts';
import { createFaceAnalyser, type FaceAnalyser } from './analyse.ts';
import { detectFaces } from './detect.ts';
import type { Face } from './face.ts';
import { findMesh, meshRegionOf } from './mesh.ts';
import { embedFace, similarity } from './recognise.ts';
import { referenceDistance } from './select.ts';

const MINIMUM_SCORE = 0.5;
/** Faces in sample1.jpg .. sample6.jpg, counted by eye. */
const FACE_COUNTS = [3, 3, 3, 4, 5, 4];

let store: ModelStore;
let analyser: FaceAnalyser;
let photos: RgbImage[];
let faces: Face[][];

beforeAll(async () => {
  store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  analyser = await createFaceAnalyser(store, { minimumScore: MINIMUM_SCORE });
  photos = await Promise.all(FACE_COUNTS.map((_, i) => readSamplePhoto(i + 1)));
  faces = [];
  for (const photo of photos) faces.push(await analyser.analyse(photo, { embedding: true, classification: true }));
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

describe('analyse', () => {
  it('finds the 22 faces of the sample photos, and nothing else', () => {
    expect(faces.map((found) => found.length)).toEqual(FACE_COUNTS);
  });

  it('is sure of every face but the one in profile, which it keeps and reports as turned', () => {
    const unsure = faces.flat().filter(({ meshScore }) => meshScore < 0.9);
    expect(unsure).toHaveLength(1);
    expect(unsure[0]).toBe(faces[1]!.find(({ box }) => box.x0 < 500));
    expect(unsure[0]!.pose.yawDegrees).toBeLessThan(-55);
  });

  it('sees women of 15 to 45', () => {
    for (const face of faces.flat()) {
      expect(face.gender).toBe('female');
      expect(face.ageYears).toBeGreaterThan(15);
      expect(face.ageYears).toBeLessThan(45);
    }
  });

  it('gives landmarks in their order and inside the box', () => {
    for (const { box, landmarks5, landmarks68, meshScore } of faces.flat()) {
      for (const points of [landmarks5, landmarks68]) {
        for (let i = 0; i < points.length; i += 2) {
          expect(points[i]).toBeGreaterThanOrEqual(box.x0 - 1);
          expect(points[i]).toBeLessThanOrEqual(box.x1 + 1);
          expect(points[i + 1]).toBeGreaterThanOrEqual(box.y0 - 1);
          expect(points[i + 1]).toBeLessThanOrEqual(box.y1 + 1);
        }
      }
      if (meshScore < 0.9) continue;
      const [leftX, leftY, rightX, rightY, , noseY, , mouthY] = landmarks5;
      // Nobody here tilts the head by more than 50 degrees.
      expect(leftX).toBeLessThan(rightX!);
      expect(noseY).toBeGreaterThan(Math.min(leftY!, rightY!));
      expect(mouthY).toBeGreaterThan(Math.min(leftY!, rightY!));
    }
  });

  it('reads the pose that the eye sees', () => {
    const at = (photo: number, x: number): Face =>
      faces[photo - 1]!.reduce((a, b) => (Math.abs(a.box.x0 - x) < Math.abs(b.box.x0 - x) ? a : b));
    // Lying head, laughing: tilted clockwise by about 45 degrees.
    expect(at(1, 1459).pose.rollDegrees).toBeGreaterThan(35);
    // Looks down with closed eyes.
    expect(at(2, 898).pose.pitchDegrees).toBeGreaterThan(20);
    // Head raised.
    expect(at(5, 1111).pose.pitchDegrees).toBeLessThan(0);
    // Turned to the image's right, and to its left.
    expect(at(5, 585).pose.yawDegrees).toBeGreaterThan(20);
    expect(at(1, 418).pose.yawDegrees).toBeLessThan(-15);
  });

  it('leaves out what was not asked for', async () => {
    const [face] = await analyser.analyse(photos[0]!);
    expect(face).not.toHaveProperty('embedding');
    expect(face).not.toHaveProperty('gender');
  });

  it('finds nobody in a picture of nobody', async () => {
    const image: RgbImage = { data: new Uint8Array(400 * 300 * 3), width: 400, height: 300 };
    for (let i = 0; i < image.data.length; i++) image.data[i] = (i * 37 + ((i * i) % 251)) % 256;
    expect(await analyser.analyse(image)).toEqual([]);
  });
});

describe('detectFaces', () => {
  it.each([
    [1, 90],
    [2, 180],
    [3, 270],
  ])('finds faces in a photo turned by %i quarters, with the eyes to match', async (quarters, degrees) => {
    const turned = turnImage(photos[2]!, quarters);
    const found = await detectFaces(store, turned, { minimumScore: MINIMUM_SCORE });
    expect(found).toHaveLength(3);
    for (const { leftEye, rightEye } of found) {
      const angle = (Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0]) * 180) / Math.PI;
      const off = ((angle - degrees + 540) % 360) - 180;
      expect(Math.abs(off)).toBeLessThan(30);
    }
  });

  it('meshes a turned photo like the upright one', async () => {
    const [upright] = faces[2]!;
    const turned = await analyser.analyse(turnImage(photos[2]!, 1), { embedding: true });
    const same = turned.map(({ embedding }) => similarity(embedding!, upright!.embedding!));
    expect(Math.max(...same)).toBeGreaterThan(0.99);
  });

  it('looks only at the angles it is given', async () => {
    const turned = turnImage(photos[2]!, 1);
    const best = async (angles: (0 | 90)[]): Promise<number> => {
      const found = await detectFaces(store, turned, { minimumScore: MINIMUM_SCORE, angles, tiles: 1 });
      return Math.max(0, ...found.map(({ score }) => score));
    };
    expect(await best([0])).toBeLessThan(0.75);
    expect(await best([90])).toBeGreaterThan(0.85);
    expect(await best([0, 90])).toBe(await best([90]));
  });

  it.each([480, 320])('finds five faces of a photo shrunk to %i pixels inside a large one', async (width) => {
    const small = await readSamplePhoto(5, width);
    const canvas: RgbImage = { data: new Uint8Array(1920 * 1398 * 3).fill(34), width: 1920, height: 1398 };
    for (let y = 0; y < small.height; y++) {
      canvas.data.set(small.data.subarray(y * width * 3, (y + 1) * width * 3), (400 + y) * 1920 * 3 + 2100);
    }
    const found = await detectFaces(store, canvas, { minimumScore: MINIMUM_SCORE });
    expect(found).toHaveLength(5);
    const smallest = Math.min(...found.map(({ box }) => box.x1 - box.x0));
    expect(smallest).toBeLessThan(width / 9);
  });
});

describe('identity', () => {
  const man: Face[] = [];
  beforeAll(async () => {
    for (const [video, second] of [
      ['cap12_edit', 2],
      ['cap12_edit', 20],
      ['cap13_edit2', 10],
    ] as const) {
      const [frame] = readSampleFrames(video, second, 1);
      const [face] = await analyser.analyse(frame!, { embedding: true, classification: true });
      man.push(face!);
    }
  });

  it('has unit length', () => {
    for (const { embedding } of [...faces.flat(), ...man]) {
      expect(similarity(embedding!, embedding!)).toBeCloseTo(1, 5);
    }
  });

  it('is near in two videos of one man, and far from every woman', () => {
    for (const face of man) {
      expect(face.gender).toBe('male');
      for (const other of man) expect(referenceDistance(face.embedding!, other.embedding!)).toBeLessThanOrEqual(0.15);
      for (const woman of faces.flat()) {
        expect(referenceDistance(face.embedding!, woman.embedding!)).toBeGreaterThan(0.3);
      }
    }
  });

  it('joins the one woman who is in two photos', () => {
    const first = faces[0]!.find(({ box }) => box.x0 > 1400)!;
    const distances = faces[2]!.map(({ embedding }) => referenceDistance(first.embedding!, embedding!));
    expect(Math.min(...distances)).toBeLessThan(0.15);
  });

  it('has a second recogniser that agrees', async () => {
    const [frame] = readSampleFrames('cap12_edit', 2, 1);
    const [other] = readSampleFrames('cap13_edit2', 10, 1);
    const a = await embedFace(store, frame!, man[0]!.landmarks5, 'fr_feature');
    const b = await embedFace(store, other!, man[2]!.landmarks5, 'fr_feature');
    const woman = await embedFace(store, photos[5]!, faces[5]![0]!.landmarks5, 'fr_feature');
    expect(similarity(a, b)).toBeGreaterThan(0.5);
    expect(similarity(a, woman)).toBeLessThan(0.3);
  });
});

describe('planar frames', () => {
  it('give the mesh that their RGB gives', async () => {
    const [frame] = readSampleFrames('cap12_edit', 3, 1, 960, 720);
    const rgb: RgbImage = { data: new Uint8Array(960 * 720 * 3), width: 960, height: 720 };
    i420ToRgb(frame!, rgb, { x0: 0, y0: 0, x1: 960, y1: 720 });
    const [face] = await analyser.analyse(rgb);
    const region = meshRegionOf(face!.mesh);
    const planar = await findMesh(store, frame!, region);
    const converted = await findMesh(store, rgb, region);
    let sum = 0;
    for (let i = 0; i < 468 * 3; i += 3) {
      sum += Math.hypot(planar.mesh[i]! - converted.mesh[i]!, planar.mesh[i + 1]! - converted.mesh[i + 1]!) / 468;
    }
    // A tenth of a pixel on a face of 240.
    expect(sum).toBeLessThan(0.1);
  });
});

describe('mesh', () => {
  it('is not biased to one side: mirroring the photo mirrors the mesh', async () => {
    const bias: number[] = [];
    for (const [i, photo] of photos.entries()) {
      const mirrored = mirrorImage(photo);
      for (const face of faces[i]!.filter(({ meshScore }) => meshScore > 0.9)) {
        const region = meshRegionOf(face.mesh);
        const there = await findMesh(store, photo, region);
        const back = await findMesh(store, mirrored, {
          ...region,
          centreX: photo.width - 1 - region.centreX,
          angle: -region.angle,
        });
        bias.push(((meanX(there.mesh) + meanX(back.mesh) - (photo.width - 1)) / 2 / region.size) * 192);
      }
    }
    // In pixels of the model's input, over 21 faces.
    expect(Math.abs(bias.reduce((a, b) => a + b, 0) / bias.length)).toBeLessThan(0.25);
  });
});

function meanX(mesh: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < 468; i++) sum += mesh[i * 3]! / 468;
  return sum;
}

function mirrorImage({ data, width, height }: RgbImage): RgbImage {
  const mirrored = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      mirrored.set(data.subarray(from, from + 3), (y * width + width - 1 - x) * 3);
    }
  }
  return { data: mirrored, width, height };
}
