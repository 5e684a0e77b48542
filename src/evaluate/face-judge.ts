/** The models that judge a result: the same finder for both pictures, so that its own bias cancels. */
import type { RgbImage } from '../core/image.ts';
import { createFaceAnalyser, type FaceAnalyser } from '../engine/faces/analyse.ts';
import type { Face, FaceMesh } from '../engine/faces/face.ts';
import { landmarks5Of } from '../engine/faces/landmarks.ts';
import { type MeshFinder, openMeshFinder } from '../engine/faces/mesh.ts';
import { type FaceEmbedder, openFaceEmbedder } from '../engine/faces/recognise.ts';
import type { ModelStore } from '../engine/inference/session.ts';

/** One face as each recogniser sees it, unit length. */
export interface Identity {
  readonly own: Float32Array;
  /** fr_feature's, where the models have it. */
  readonly second: Float32Array | undefined;
}

export interface FaceJudge {
  readonly finder: MeshFinder;
  /** Faces of a picture, largest first. */
  facesOf(image: RgbImage): Promise<readonly Face[]>;
  identify(image: RgbImage, mesh: FaceMesh): Promise<Identity>;
}

/** Lowest detector score of a face. */
const MINIMUM_SCORE = 0.5;
/** The recogniser that gives a second opinion: `declared` models may be missing from an installation. */
const SECOND = 'fr_feature';

/** Opens the models. The store keeps and disposes them. @throws MODEL_NOT_FOUND and its kin */
export async function openFaceJudge(store: ModelStore): Promise<FaceJudge> {
  const analyser: FaceAnalyser = await createFaceAnalyser(store, { minimumScore: MINIMUM_SCORE });
  const finder = await openMeshFinder(store);
  const own = await openFaceEmbedder(store);
  const hasSecond = store.manifest.models.some(({ id }) => id === SECOND);
  const second: FaceEmbedder | undefined = hasSecond ? await openFaceEmbedder(store, SECOND) : undefined;
  return {
    finder,
    async facesOf(image) {
      const faces = await analyser.analyse(image);
      return faces.toSorted((a, b) => areaOf(b) - areaOf(a));
    },
    async identify(image, mesh) {
      const landmarks = landmarks5Of(mesh);
      return { own: await own.embed(image, landmarks), second: await second?.embed(image, landmarks) };
    },
  };
}

const areaOf = ({ box }: Face): number => (box.x1 - box.x0) * (box.y1 - box.y0);
