/** The faces of `pairs.json` with who they show, in the pictures as they are and in changed copies. */
import type { RgbImage } from '../../src/core/image.ts';
import type { Face } from '../../src/engine/faces/face.ts';
import { openFaceEmbedder, type Recogniser } from '../../src/engine/faces/recognise.ts';
import type { ModelStore } from '../../src/engine/inference/session.ts';
import { FaceLibrary } from '../face-library.ts';
import { readPairs } from '../pairs.ts';

/** One look at somebody. */
export interface LabelledFace {
  /** The same for all looks at one person. */
  readonly person: string;
  /** Name in pairs.json. */
  readonly look: string;
  /** What was done to the picture: `original`, `dark`… */
  readonly copy: string;
  readonly embedding: Float32Array;
}

/** Who is seen in several pictures: see `about` in pairs.json. */
function personOf(look: string): string {
  if (/^c1[23]@/.test(look)) return 'man';
  return look === 's1#2' || look === 's3#1' ? 'woman' : look;
}

interface Change {
  readonly apply: (picture: RgbImage) => RgbImage;
  /** Where a point of the picture goes. */
  readonly move?: (x: number, y: number, width: number) => readonly [number, number];
}

const CHANGES: Readonly<Record<string, Change>> = {
  original: { apply: (picture) => picture },
  dark: { apply: (picture) => ({ ...picture, data: picture.data.map((value) => value * 0.7) }) },
  bright: { apply: (picture) => ({ ...picture, data: picture.data.map((value) => Math.min(255, value * 1.3)) }) },
  half: { apply: (picture) => shrunk(picture, 2), move: (x, y) => [x / 2, y / 2] },
  third: { apply: (picture) => shrunk(picture, 3), move: (x, y) => [x / 3, y / 3] },
  mirrored: { apply: mirrored, move: (x, y, width) => [width - 1 - x, y] },
};

/** @param store lent */
export async function readLabelledFaces(store: ModelStore, recogniser: Recogniser): Promise<LabelledFace[]> {
  const list = await readPairs();
  const library = await FaceLibrary.open(list, store);
  const embedder = await openFaceEmbedder(store, recogniser);
  const analysed = new Map<RgbImage, Map<string, { picture: RgbImage; faces: readonly Face[] }>>();
  const labelled: LabelledFace[] = [];
  for (const [look, place] of Object.entries(list.faces)) {
    const { image } = await library.face(look);
    const copies = analysed.get(image) ?? new Map();
    analysed.set(image, copies);
    for (const [copy, { apply, move }] of Object.entries(CHANGES)) {
      let known = copies.get(copy);
      if (!known) {
        const picture = apply(image);
        known = { picture, faces: await library.analyser.analyse(picture) };
        copies.set(copy, known);
      }
      const [x, y] = move?.(place.x, place.y, image.width) ?? [place.x, place.y];
      const face = faceAround(known.faces, x, y);
      if (!face) continue;
      const embedding = await embedder.embed(known.picture, face.landmarks5);
      labelled.push({ person: personOf(look), look, copy, embedding });
    }
  }
  return labelled;
}

function faceAround(faces: readonly Face[], x: number, y: number): Face | undefined {
  const distance = ({ box }: Face): number => Math.hypot((box.x0 + box.x1) / 2 - x, (box.y0 + box.y1) / 2 - y);
  return faces
    .filter(({ box }) => x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1)
    .sort((a, b) => distance(a) - distance(b))[0];
}

/** Means of squares of samples. */
function shrunk({ data, width, height }: RgbImage, step: number): RgbImage {
  const [w, h] = [Math.floor(width / step), Math.floor(height / step)];
  const out = new Uint8Array(w * h * 3);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let v = 0; v < step; v++) {
          for (let u = 0; u < step; u++) sum += data[((y * step + v) * width + x * step + u) * 3 + c]!;
        }
        out[(y * w + x) * 3 + c] = sum / (step * step);
      }
    }
  }
  return { data: out, width: w, height: h };
}

function mirrored({ data, width, height }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + width - 1 - x) * 3;
      out.set(data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { data: out, width, height };
}
