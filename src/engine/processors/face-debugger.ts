/** `face_debugger`: draws what the pipeline knows of each face into the picture. */
import type { RgbImage } from '../../core/image.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import { faceDebuggerOptions } from '../../core/processor-options/face-debugger.ts';
import { drawText, measureText } from '../draw/small-text.ts';
import { type Colour, drawLine, type Stroke } from '../draw/strokes.ts';
import { boundsOf } from '../faces/boxes.ts';
import { landmarks5Of, landmarks5Of68, landmarks68Of } from '../faces/landmarks.ts';
import { openClassifier } from '../faces/open-classifier.ts';
import { cropMatrix, warpCrop } from '../frames/face-crop.ts';
import { applyAffine, similarityBetween } from '../frames/similarity.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import { isFiniteMask, openFaceMasker, smallestMask } from '../masks/face-masker.ts';
import type { MeshTopology } from '../mesh-swap/rig.ts';
import { landmarksInCrop } from './crop-processor.ts';
import { defineProcessor, type FaceProcessor, type ProcessorContext, type TargetFace } from './processor.ts';

type Item = ResolvedProcessOptions['faceDebuggerItems'][number];

const RED: Colour = [255, 72, 72];
const GREEN: Colour = [80, 255, 110];
const AMBER: Colour = [255, 190, 60];
const BLUE: Colour = [90, 190, 255];
const WHITE: Colour = [255, 255, 255];

/** Masks are made on this crop, the one of FaceFusion's debugger. */
const MASK_TEMPLATE = 'arcface_128';
const MASK_SIZE = 256;
/** How strongly the masked part is tinted. */
const TINT = 0.22;
/** Estimates of age and gender change little from frame to frame: they are made anew after so many. */
const CLASS_INTERVAL = 15;

interface KnownClass {
  readonly ageYears: number;
  readonly gender: string;
  readonly frameIndex: number;
}

async function create(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options, timer } = context;
  const items = new Set<Item>(options.faceDebuggerItems);
  const has = (...names: readonly Item[]): boolean => names.some((name) => items.has(name));
  const masker = has('face-mask') ? await openFaceMasker(store, options) : undefined;
  const topology = has('face-mesh', 'face-landmark-68/5')
    ? await store.table<MeshTopology>('face_mesh_topology')
    : undefined;
  const classifier = has('age', 'gender') ? await openClassifier(store, options.faceClassifierModel) : undefined;
  const meanFace = topology && meanFaceOf(topology);
  const edges = topology && has('face-mesh') ? edgesOf(topology) : [];
  const pixels = new RegionPixels(createKernels());
  let lineWidth = 1;
  let lentFrom: Parameters<FaceProcessor['takePixels']> | undefined;
  let classes = new Map<number, KnownClass>();

  const drawMask = async (face: TargetFace, timeSeconds: number): Promise<boolean> => {
    if (!masker || !lentFrom) return true;
    const [picture, { x0, y0 }] = lentFrom;
    const matrix = cropMatrix(face.landmarks5 ?? landmarks5Of(face.mesh), MASK_TEMPLATE, MASK_SIZE);
    const crop = warpCrop(pixels.before, matrix, MASK_SIZE);
    const box = boundsOf(face.mesh);
    const [a, b, c, d, e, f] = matrix;
    const scene = {
      ...{ picture, trackId: face.trackId, timeSeconds },
      toCrop: [a, b, c - a * x0 - b * y0, d, e, f - d * x0 - e * y0] as const,
      bounds: { x0: box.x0 + x0, y0: box.y0 + y0, x1: box.x1 + x0, y1: box.y1 + y0 },
    };
    const at = { ...landmarksInCrop(face, matrix), scene };
    const request = { types: options.faceMaskTypes, usePadding: true };
    const mask = smallestMask(await masker.before(crop, at, request), await masker.after(crop, at, request));
    if (!mask) return true;
    if (!isFiniteMask(mask)) return false;
    tint(pixels.out, (x, y) => applyAffine(matrix, x, y), mask, lineWidth);
    return true;
  };

  const classOf = async (face: TargetFace, frameIndex: number): Promise<KnownClass | undefined> => {
    if (!classifier) return undefined;
    const known = classes.get(face.trackId);
    if (known && frameIndex - known.frameIndex < CLASS_INTERVAL) return known;
    const { ageYears, gender } = await classifier.classify(pixels.before, {
      box: boundsOf(face.mesh),
      landmarks5: face.landmarks5 ?? landmarks5Of(face.mesh),
    });
    const found = { ageYears, gender, frameIndex };
    classes.set(face.trackId, found);
    return found;
  };

  const linesOf = (face: TargetFace, known: KnownClass | undefined): string[] => [
    ...(has('track-id') ? [`#${face.trackId}`] : []),
    ...(has('score') ? [`score ${(face.score ?? face.meshScore).toFixed(2)}`] : []),
    ...(has('age') && known ? [`age ${Math.round(known.ageYears)}`] : []),
    ...(has('gender') && known ? [known.gender] : []),
  ];

  return {
    kind: 'face',
    id: 'face_debugger',
    notes: [],
    regionOf(face, frame) {
      // A face's width around it: as far as a mask's crop and a label reach.
      const { x0, y0, x1, y1 } = boundsOf(face.mesh);
      const margin = Math.max(x1 - x0, y1 - y0, 64);
      const down = (value: number, size: number): number =>
        Math.min(size, Math.max(0, Math.floor(value - margin))) & ~1;
      const up = (value: number, size: number): number =>
        Math.min(size, Math.max(0, Math.ceil(value + margin) + 1)) & ~1;
      return {
        ...{ x0: down(x0, frame.width), y0: down(y0, frame.height) },
        ...{ x1: up(x1, frame.width), y1: up(y1, frame.height) },
      };
    },
    takePixels(picture, region) {
      timer?.enter('convert');
      pixels.load(picture, region);
      lineWidth = Math.min(10, Math.max(1, Math.round(picture.height / 270)));
      lentFrom = [picture, region];
      return pixels;
    },
    async processFace(_lent, face, { frameIndex, timeSeconds }) {
      timer?.enter('blend');
      if (!(await drawMask(face, timeSeconds))) return { kind: 'left-alone', reason: 'invalid-output' };
      const known = await classOf(face, frameIndex);
      const { out } = pixels;
      const line = (colour: Colour, opacity = 1): Stroke => ({ colour, width: lineWidth, opacity });
      const five = face.landmarks5 ?? landmarks5Of(face.mesh);
      const all = face.landmarks68 ?? landmarks68Of(face.mesh);
      for (const [a, b] of edges) drawLine(out, vertex(face.mesh, a), vertex(face.mesh, b), line(BLUE, 0.4));
      const box = boundsOf(face.mesh);
      if (has('bounding-box')) drawBox(out, box, line(RED));
      if (has('face-landmark-68/5') && meanFace) drawDots(out, laidOn(meanFace, five), lineWidth * 2, AMBER);
      if (has('face-landmark-68')) drawDots(out, all, lineWidth * 2, GREEN);
      if (has('face-landmark-5')) drawDots(out, five, lineWidth * 3, AMBER);
      if (has('face-landmark-5/68')) drawDots(out, landmarks5Of68(all), lineWidth * 3, GREEN);
      writeLines(out, linesOf(face, known), box, lineWidth);
      return { kind: 'changed' };
    },
    forget(trackId) {
      masker?.forget(trackId);
      classes.delete(trackId);
    },
    save: () => ({ masks: masker?.save(), classes: new Map(classes) }),
    async restore(state) {
      const saved = state as { readonly masks: unknown; readonly classes: ReadonlyMap<number, KnownClass> };
      await masker?.restore(saved.masks);
      classes = new Map(saved.classes);
    },
    async [Symbol.asyncDispose]() {},
  };
}

const vertex = (mesh: ArrayLike<number>, index: number): [number, number] => [mesh[index * 3]!, mesh[index * 3 + 1]!];

/** Every edge of the mesh once. */
function edgesOf({ triangles }: MeshTopology): readonly (readonly [number, number])[] {
  const edges = new Map<number, readonly [number, number]>();
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at]!, triangles[at + 1]!, triangles[at + 2]!];
    for (const [i, j] of [
      [a, b],
      [b, c],
      [c, a],
    ] as const) {
      edges.set(Math.min(i, j) * 1024 + Math.max(i, j), [i, j]);
    }
  }
  return [...edges.values()];
}

interface MeanFace {
  readonly landmarks5: Float32Array;
  readonly landmarks68: Float32Array;
}

/**
 * Radians that the texture's width goes around the head, as on a cylinder: fitted to the width of the canonical face at
 * the eyes and at the ears (`CANONICAL_FACE`).
 */
const TEXTURE_ARC = 2.58;

/** The face that the mesh's texture is laid out as, seen from the front: nobody's. */
function meanFaceOf({ uv }: MeshTopology): MeanFace {
  const mesh = Float32Array.from(uv.flatMap(([u, v]) => [Math.sin((u - 0.5) * TEXTURE_ARC) / TEXTURE_ARC, v, 0]));
  return { landmarks5: landmarks5Of(mesh), landmarks68: landmarks68Of(mesh) };
}

/** Where five points alone would put the 68. */
function laidOn({ landmarks5, landmarks68 }: MeanFace, five: Float32Array): Float32Array {
  const matrix = similarityBetween(landmarks5, five);
  const out = new Float32Array(landmarks68.length);
  for (let at = 0; at < out.length; at += 2) {
    out.set(applyAffine(matrix, landmarks68[at]!, landmarks68[at + 1]!), at);
  }
  return out;
}

function drawDots(out: RgbImage, points: Float32Array, width: number, colour: Colour): void {
  for (let at = 0; at < points.length; at += 2) {
    const point = [points[at]!, points[at + 1]!] as const;
    drawLine(out, point, point, { colour, width });
  }
}

function drawBox(out: RgbImage, { x0, y0, x1, y1 }: ReturnType<typeof boundsOf>, stroke: Stroke): void {
  const corners = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ] as const;
  for (const [i, corner] of corners.entries()) drawLine(out, corner, corners[(i + 1) % 4]!, stroke);
}

/** Above the face; below it where there is no room. */
function writeLines(out: RgbImage, lines: readonly string[], box: ReturnType<typeof boundsOf>, scale: number): void {
  const height = measureText('', scale).height + 3 * scale;
  const above = Math.round(box.y0) - lines.length * height;
  const top = above >= scale ? above : Math.round(box.y1) + 2 * scale;
  for (const [i, text] of lines.entries()) {
    const left = Math.min(Math.round(box.x0), out.width - measureText(text, scale).width - scale);
    drawText(out, text, [Math.max(scale, left), top + i * height], scale, WHITE);
  }
}

/** Tints what a mask lets through, and draws the line where it is one half. */
function tint(
  out: RgbImage,
  toCrop: (x: number, y: number) => readonly [number, number],
  mask: Float32Array,
  lineWidth: number,
): void {
  const { data, width, height } = out;
  const valueAt = (x: number, y: number): number => {
    const [u, v] = toCrop(x, y).map(Math.round) as [number, number];
    return u >= 0 && v >= 0 && u < MASK_SIZE && v < MASK_SIZE ? mask[v * MASK_SIZE + u]! : 0;
  };
  const plane = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at++) plane[at] = valueAt(x, y);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const isIn = plane[at]! >= 0.5;
      const right = plane[Math.min(x + lineWidth, width - 1) + y * width]! >= 0.5;
      const below = plane[x + Math.min(y + lineWidth, height - 1) * width]! >= 0.5;
      const opacity = isIn !== right || isIn !== below ? 0.9 : TINT * plane[at]!;
      if (opacity === 0) continue;
      for (let channel = 0; channel < 3; channel++) {
        const before = data[at * 3 + channel]!;
        data[at * 3 + channel] = Math.round(before + (GREEN[channel]! - before) * opacity);
      }
    }
  }
}

export const faceDebugger = defineProcessor({
  id: 'face_debugger',
  kind: 'face',
  options: faceDebuggerOptions,
  needsSource: false,
  needsFaces: true,
  create,
});
