import type { ResolvedProcessOptions } from '../core/options.ts';
import type { FaceAnalyserOptions } from '../engine/faces/analyse.ts';
import type { DetectorAngle } from '../engine/faces/detect.ts';

/** FaceFusion's `many`: yunet is none of them. */
const MANY = ['retinaface', 'scrfd', 'yolo_face'] as const;

/** How faces are to be found, by the options of a run. */
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
