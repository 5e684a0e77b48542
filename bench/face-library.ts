/** The bench's faces: each picture is decoded and analysed once. */
import { fileURLToPath } from 'node:url';
import type { RgbImage } from '../src/core/image.ts';
import { createFaceAnalyser, type FaceAnalyser } from '../src/engine/faces/analyse.ts';
import type { Face, FaceMesh } from '../src/engine/faces/face.ts';
import { i420ToRgb } from '../src/engine/frames/yuv.ts';
import type { ModelStore } from '../src/engine/inference/session.ts';
import { faceWidth } from '../src/engine/mesh-swap/geometry.ts';
import { probeVideo } from '../src/media/probe.ts';
import { readImage } from '../src/media/read-image.ts';
import { readVideoFrame } from '../src/media/video-reader.ts';
import type { FacePlace, PairList } from './pairs.ts';

/** A face in its whole picture. */
export interface BenchFace {
  readonly name: string;
  readonly path: string;
  readonly image: RgbImage;
  readonly face: Face;
}

/** Path of a file that a development dependency carries. */
export const packagedFile = (path: string): string =>
  fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

interface AnalysedPicture {
  readonly image: RgbImage;
  readonly faces: readonly Face[];
}

export class FaceLibrary {
  readonly #list: PairList;
  readonly #analyser: FaceAnalyser;
  readonly #pictures = new Map<string, Promise<AnalysedPicture>>();

  private constructor(list: PairList, analyser: FaceAnalyser) {
    this.#list = list;
    this.#analyser = analyser;
  }

  static async open(list: PairList, store: ModelStore): Promise<FaceLibrary> {
    return new FaceLibrary(list, await createFaceAnalyser(store, { minimumScore: 0.5 }));
  }

  get analyser(): FaceAnalyser {
    return this.#analyser;
  }

  /** Path of a name in `media` of pairs.json. */
  mediaPath(media: string): string {
    return packagedFile(this.#list.media[media]);
  }

  /** The face of that name in pairs.json. */
  async face(name: string): Promise<BenchFace> {
    const place = this.#list.faces[name];
    const path = this.mediaPath(place.media);
    const { image, faces } = await this.#picture(path, place.frame);
    return { name, path, image, face: faceAt(faces, place, name) };
  }

  #picture(path: string, frame: number | undefined): Promise<AnalysedPicture> {
    const key = `${path}@${frame ?? ''}`;
    let pending = this.#pictures.get(key);
    if (!pending) {
      pending = readPicture(path, frame).then(async (image) => ({ image, faces: await this.#analyser.analyse(image) }));
      this.#pictures.set(key, pending);
    }
    return pending;
  }
}

async function readPicture(path: string, frame: number | undefined): Promise<RgbImage> {
  if (frame === undefined) return (await readImage(path)).image;
  const decoded = await readVideoFrame(path, await probeVideo(path), frame);
  const { width, height } = decoded;
  const image: RgbImage = { data: new Uint8Array(width * height * 3), width, height };
  i420ToRgb(decoded, image, { x0: 0, y0: 0, x1: width, y1: height });
  return image;
}

/** The face around a point; of several the one whose middle is nearest. */
function faceAt(faces: readonly Face[], { x, y }: FacePlace, name: string): Face {
  const around = faces
    .filter(({ box }) => x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1)
    .sort((a, b) => distanceTo(a, x, y) - distanceTo(b, x, y));
  if (around.length === 0) throw new Error(`No face was found at ${x}, ${y} for ${name}.`);
  return around[0];
}

const distanceTo = ({ box }: Face, x: number, y: number): number =>
  Math.hypot((box.x0 + box.x1) / 2 - x, (box.y0 + box.y1) / 2 - y);

/** A square piece of a picture with the mesh of its face. */
export interface FaceCrop {
  readonly image: RgbImage;
  readonly mesh: FaceMesh;
  readonly meshScore: number;
  /** Pixels of the whole picture. */
  readonly frameWidth: number;
  readonly frameHeight: number;
}

/** Face widths across the crop that PSNR and SSIM are taken on. */
const CROP_WIDTHS = 3;
/** The vertex between the eyes is the middle of the crop. */
const MIDDLE_VERTEX = 6;

/** The square of three face widths around a face, or as much as the picture has. */
export function cropAround({ image, face }: BenchFace): FaceCrop {
  const size = Math.round(Math.min(faceWidth(face.mesh) * CROP_WIDTHS, image.width, image.height));
  const clampStart = (middle: number, limit: number): number =>
    Math.max(0, Math.min(limit - size, Math.round(middle - size / 2)));
  const x0 = clampStart(face.mesh[MIDDLE_VERTEX * 3], image.width);
  const y0 = clampStart(face.mesh[MIDDLE_VERTEX * 3 + 1], image.height);
  const data = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    const start = ((y + y0) * image.width + x0) * 3;
    data.set(image.data.subarray(start, start + size * 3), y * size * 3);
  }
  const mesh = face.mesh.slice();
  for (let i = 0; i < mesh.length; i += 3) {
    mesh[i] -= x0;
    mesh[i + 1] -= y0;
  }
  return {
    image: { data, width: size, height: size },
    mesh,
    meshScore: face.meshScore,
    frameWidth: image.width,
    frameHeight: image.height,
  };
}
