import type { ResolvedProcessOptions } from '../core/options.ts';
import type { FaceAnalyserOptions } from '../engine/faces/analyse.ts';
import type { DetectorAngle } from '../engine/faces/detect.ts';
import { EMBEDDED_RECOGNIZER } from '../engine/faces/open-recognizer.ts';
import type { PublishedLandmarkerOptions } from '../engine/faces/published/published-landmarker.ts';
import type { Note } from '../engine/processors/processor.ts';

/** FaceFusion's `many`: yunet is none of them. */
const MANY = ['retinaface', 'scrfd', 'yolo_face'] as const;

/** How faces are to be found and told apart, by the options of a run. */
export function detectionOf({
  faceDetectorModel: model,
  faceDetectorAngles,
  faceDetectorMargin,
}: ResolvedProcessOptions): Pick<FaceAnalyserOptions, 'angles' | 'detector'> {
  const angles = faceDetectorAngles as readonly DetectorAngle[] | undefined;
  if (model === 'mediapipe') return angles ? { angles } : {};
  const [top = 0, right = top, bottom = top, left = right] = faceDetectorMargin;
  return { detector: { models: model === 'many' ? MANY : [model], angles, margin: [top, right, bottom, left] } };
}

/** FaceFusion's `many`. */
const MANY_LANDMARKERS = ['2dfan4', 'peppa_wutz'] as const;

/** Which landmarkers look at faces; undefined for the mesh, which knows them already. */
export const landmarkerOf = ({
  faceLandmarkerModel: model,
  faceLandmarkerScore: minimumScore,
}: ResolvedProcessOptions): PublishedLandmarkerOptions | undefined =>
  model === 'mesh' ? undefined : { models: model === 'many' ? MANY_LANDMARKERS : [model], minimumScore };

/**
 * By which models faces are told apart and judged. Persons that a map names are always told apart by the embedded
 * recogniser, for which the limits were measured.
 */
export const recognitionOf = ({
  map,
  faceRecognizerModel,
  faceClassifierModel,
}: ResolvedProcessOptions): Pick<FaceAnalyserOptions, 'recognizer' | 'classifier'> => ({
  ...(map.length > 0 ? {} : { recognizer: faceRecognizerModel }),
  classifier: faceClassifierModel,
});

/** What to say where a chosen recogniser has no part in a run. */
export function recognitionNotes({ map, faceRecognizerModel: model }: ResolvedProcessOptions): readonly Note[] {
  if (map.length === 0 || model === EMBEDDED_RECOGNIZER) return [];
  return [
    {
      code: 'recognizer-not-used',
      message: `Persons of --map are told apart by ${EMBEDDED_RECOGNIZER}, not by ${model}.`,
    },
  ];
}
