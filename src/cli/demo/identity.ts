import { AppError } from '../../core/errors.ts';
import type { Face } from '../../engine/faces/face.ts';
import { EQUAL_ERROR_COSINE } from '../../engine/faces/recognise.ts';
import { detectFaces } from '../../runner/detect-faces.ts';

/** Means of the cosines of results by the product's own recogniser. */
export interface Identity {
  /** Result against source: higher is a better swap. */
  readonly toSource: number;
  /** Target against source: how alike the two were before. */
  readonly before: number;
  /** From here on two faces count as one person. */
  readonly threshold: number;
}

/** Compares results, and the targets that they were made from, with the source. */
export async function compareIdentities(
  source: string,
  targets: readonly string[],
  results: readonly string[],
  signal: AbortSignal,
): Promise<Identity> {
  const reference = await embed(source, signal);
  const meanCosine = async (paths: readonly string[]): Promise<number> => {
    let sum = 0;
    for (const path of paths) sum += cosine(reference, await embed(path, signal));
    return sum / paths.length;
  };
  return {
    toSource: await meanCosine(results),
    before: await meanCosine(targets),
    threshold: EQUAL_ERROR_COSINE.face_recognition,
  };
}

/** `likeness to the source 0.94, was 0.71 (0.92 and above: one person)` */
export function describeIdentity({ toSource, before, threshold }: Identity): string {
  return `likeness to the source ${toSource.toFixed(2)}, before the swap ${before.toFixed(2)} (${threshold} and above: the same person)`;
}

/** Identity of the largest face. */
async function embed(path: string, signal: AbortSignal): Promise<Float32Array> {
  const { faces } = await detectFaces(path, { embedding: true, signal });
  const area = ({ box }: Face): number => (box.x1 - box.x0) * (box.y1 - box.y0);
  const embedding = [...faces].sort((a, b) => area(b) - area(a))[0]?.embedding;
  if (embedding === undefined) throw new AppError('TARGET_NO_FACE', 'No face was found in a picture of the demo.');
  return embedding;
}

/** Of two vectors of unit length. */
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);
