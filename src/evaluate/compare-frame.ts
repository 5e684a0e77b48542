/** Everything that one picture and its result say. */
import { AppError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import type { OnProgress } from '../core/progress.ts';
import type { Face, FaceMesh } from '../engine/faces/face.ts';
import { meshRegionOf } from '../engine/faces/mesh.ts';
import { similarity } from '../engine/faces/recognise.ts';
import type { FaceJudge, Identity } from './face-judge.ts';
import { expressionError, openingError } from './metrics/expression.ts';
import { type OutsideChange, outsideChange } from './metrics/outside-change.ts';
import { meanSquaredError } from './metrics/psnr.ts';
import { seam } from './metrics/seam.ts';
import { ssim } from './metrics/ssim.ts';

/** What the comparison of a pair of files works with. */
export interface CompareContext {
  readonly judge: FaceJudge;
  readonly source: Identity;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}

export interface FaceComparison {
  /** The target's. */
  readonly mesh: FaceMesh;
  readonly identity: number;
  readonly identityToTarget: number;
  readonly identitySecondOpinion: number | undefined;
  readonly identityToTargetSecondOpinion: number | undefined;
  readonly expression: number;
  readonly opening: number;
  readonly seam: number;
}

export interface FrameComparison {
  readonly faces: readonly FaceComparison[];
  readonly meanSquaredError: number;
  readonly ssim: number;
  readonly outside: OutsideChange;
}

/** Mean difference of a face, in levels of 0..255, that compression alone does not make. */
const CHANGED_LEVELS = 2;
/** Of several faces those count that changed at least this share as much as the one that changed most. */
const CHANGED_SHARE = 0.3;
/** Below this the mesh model does not see a face in the result. */
const LOWEST_SCORE = 0.1;

/**
 * Compares two pictures of one size.
 * @returns `undefined` where the target shows no face
 * @throws INPUT_UNSUPPORTED when the sizes differ, TARGET_NO_FACE when the result lost the face
 */
export async function compareFrame(
  target: RgbImage,
  result: RgbImage,
  { judge, source }: CompareContext,
): Promise<FrameComparison | undefined> {
  const error = meanSquaredError(target, result);
  const found = await judge.facesOf(target);
  if (found.length === 0) return undefined;
  const changed = changedFaces(target, result, found);
  const faces: FaceComparison[] = [];
  for (const { mesh } of changed) faces.push(await compareFace(target, result, mesh, judge, source));
  return {
    faces,
    meanSquaredError: error,
    ssim: ssim(target, result),
    outside: outsideChange(
      target,
      result,
      changed.map(({ mesh }) => mesh),
    ),
  };
}

/** The faces that the run worked on; the largest where none differs. */
function changedFaces(target: RgbImage, result: RgbImage, faces: readonly Face[]): readonly Face[] {
  const changes = faces.map((face) => meanChange(target, result, face));
  const limit = Math.max(CHANGED_LEVELS, CHANGED_SHARE * Math.max(...changes));
  const changed = faces.filter((_, i) => changes[i] >= limit);
  return changed.length > 0 ? changed : faces.slice(0, 1);
}

function meanChange(target: RgbImage, result: RgbImage, { box }: Face): number {
  const { width, height } = target;
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, box.y0); y < Math.min(height, box.y1); y++) {
    const end = (y * width + Math.min(width, box.x1)) * 3;
    for (let p = (y * width + Math.max(0, box.x0)) * 3; p < end; p++) {
      sum += Math.abs(target.data[p] - result.data[p]);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

async function compareFace(
  target: RgbImage,
  result: RgbImage,
  mesh: FaceMesh,
  judge: FaceJudge,
  source: Identity,
): Promise<FaceComparison> {
  const region = meshRegionOf(mesh);
  const before = await judge.finder.find(target, region);
  const after = await judge.finder.find(result, region);
  if (after.score < LOWEST_SCORE) {
    throw new AppError('TARGET_NO_FACE', 'The result shows no face where the target has one.', {
      hint: 'Compare with the very target of the run.',
    });
  }
  const wanted = await judge.identify(target, before.mesh);
  const made = await judge.identify(result, after.mesh);
  const cosine = (a: Float32Array | undefined, b: Float32Array | undefined): number | undefined =>
    a && b ? similarity(a, b) : undefined;
  return {
    mesh,
    identity: similarity(made.own, source.own),
    identityToTarget: similarity(made.own, wanted.own),
    identitySecondOpinion: cosine(made.second, source.second),
    identityToTargetSecondOpinion: cosine(made.second, wanted.second),
    expression: expressionError(before.mesh, after.mesh),
    opening: openingError(before.mesh, after.mesh),
    seam: seam(target, result, mesh),
  };
}
