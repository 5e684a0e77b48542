/** Everything known about the faces of one picture. */
import type { Region } from '../../core/image.ts';
import type { Picture } from '../frames/picture.ts';
import type { ModelStore } from '../inference/session.ts';
import { boundsOf, containmentOf, overlapOf } from './boxes.ts';
import type { FaceClassifier } from './classify.ts';
import type { DetectorAngle } from './detect.ts';
import type { Face, FaceDetection } from './face.ts';
import { landmarks5Of, landmarks5Of68, landmarks68Of } from './landmarks.ts';
import { type FoundMesh, meshRegionOfDetection, openMeshFinder } from './mesh.ts';
import { openClassifier } from './open-classifier.ts';
import { openDetector } from './open-detector.ts';
import { openRecognizer } from './open-recognizer.ts';
import { poseOf } from './pose.ts';
import type { PublishedDetectorOptions } from './published/published-detector.ts';
import { openPublishedLandmarker, type PublishedLandmarkerOptions } from './published/published-landmarker.ts';
import type { FaceEmbedder } from './recognise.ts';

export interface FaceAnalyserOptions {
  /** Lowest detector score that counts as a face, 0..1. */
  readonly minimumScore: number;
  /** See `DetectOptions.angles`. */
  readonly angles?: readonly DetectorAngle[];
  /** See `DetectOptions.tiles`. */
  readonly tiles?: number;
  /** Published detectors in place of the embedded one. */
  readonly detector?: PublishedDetectorOptions | undefined;
  /** Published landmarkers, which look at every face. */
  readonly landmarker?: PublishedLandmarkerOptions | undefined;
  /** See `openRecognizer`. */
  readonly recognizer?: string | undefined;
  /** See `openClassifier`. */
  readonly classifier?: string | undefined;
}

/** What to find out beyond place, mesh and pose. */
export interface AnalysisRequest {
  readonly embedding?: boolean;
  readonly classification?: boolean;
}

/** Analyses pictures one at a time; models beyond detector and mesh load when they are first asked for. */
export interface FaceAnalyser {
  /** Faces, best detector score first. Empty when there is none. */
  analyse(picture: Picture, request?: AnalysisRequest): Promise<Face[]>;
  /** Completes a face whose mesh is known, as from a tracker. */
  describe(picture: Picture, found: FoundMesh, score: number, request?: AnalysisRequest): Promise<Face>;
}

/** Two meshes that overlap more, or of which one lies in the other this much, sit on one face. */
const SAME_MESH_OVERLAP = 0.45;
const SAME_MESH_CONTAINMENT = 0.8;
/** The mesh model doubts true profiles too (score 0.04), so it may only veto what the detector doubts as well. */
const DOUBTFUL_MESH = 0.3;
const DOUBTFUL_DETECTION = 0.65;

/**
 * Opens the models that every analysis needs.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function createFaceAnalyser(store: ModelStore, options: FaceAnalyserOptions): Promise<FaceAnalyser> {
  const detector = await openDetector(store, options.detector);
  const landmarker = options.landmarker && (await openPublishedLandmarker(store, options.landmarker));
  const finder = await openMeshFinder(store);
  let embedder: FaceEmbedder | undefined;
  let classifier: FaceClassifier | undefined;

  const describe: FaceAnalyser['describe'] = async (picture, { mesh, score: meshScore }, score, request = {}) => {
    const box = wholePixels(boundsOf(mesh));
    const ofMesh = { landmarks5: landmarks5Of(mesh), landmarks68: landmarks68Of(mesh) };
    const found = await landmarker?.find(picture, { box, ...ofMesh });
    const { landmarks5, landmarks68 } = found ? { landmarks5: landmarks5Of68(found), landmarks68: found } : ofMesh;
    const identity = request.embedding
      ? { embedding: await (embedder ??= await openRecognizer(store, options.recognizer)).embed(picture, landmarks5) }
      : {};
    const traits = request.classification
      ? await (classifier ??= await openClassifier(store, options.classifier)).classify(picture, { box, landmarks5 })
      : undefined;
    return {
      box,
      score,
      meshScore,
      mesh,
      landmarks68,
      landmarks5,
      ...(found ? { hasOwnLandmarks: true } : {}),
      pose: poseOf(mesh),
      ...identity,
      ...(traits ? { ageYears: traits.ageYears, gender: traits.gender } : {}),
      ...(traits?.ageRange ? { ageRange: traits.ageRange } : {}),
    };
  };

  return {
    describe,
    async analyse(picture, request) {
      const faces: Face[] = [];
      for (const { detection, found } of await findFaces(picture)) {
        faces.push(await describe(picture, found, detection.score, request));
      }
      return faces;
    },
  };

  async function findFaces(picture: Picture): Promise<{ detection: FaceDetection; found: FoundMesh }[]> {
    const kept: { detection: FaceDetection; found: FoundMesh; bounds: Region }[] = [];
    for (const detection of await detector.detect(picture, options)) {
      const found = await finder.settle(picture, meshRegionOfDetection(detection));
      if (found.score < DOUBTFUL_MESH && detection.score < DOUBTFUL_DETECTION) continue;
      const bounds = boundsOf(found.mesh);
      const isKnown = kept.some(
        (other) =>
          overlapOf(other.bounds, bounds) > SAME_MESH_OVERLAP ||
          containmentOf(other.bounds, bounds) > SAME_MESH_CONTAINMENT,
      );
      if (!isKnown) kept.push({ detection, found, bounds });
    }
    return kept;
  }
}

/** The smallest whole-pixel box that contains another. */
function wholePixels({ x0, y0, x1, y1 }: Region): Region {
  return { x0: Math.floor(x0), y0: Math.floor(y0), x1: Math.ceil(x1), y1: Math.ceil(y1) };
}
