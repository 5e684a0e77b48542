/** How good the swaps of the pair list are. */
import type { RgbImage } from '../src/core/image.ts';
import type { FaceMesh } from '../src/engine/faces/face.ts';
import { landmarks5Of } from '../src/engine/faces/landmarks.ts';
import { type MeshFinder, meshRegionOf, openMeshFinder } from '../src/engine/faces/mesh.ts';
import { type FaceEmbedder, openFaceEmbedder, similarity } from '../src/engine/faces/recognise.ts';
import type { ModelStore } from '../src/engine/inference/session.ts';
import type { ProcessorDefinition } from '../src/engine/processors/processor.ts';
import { expressionError, openingError } from '../src/evaluate/metrics/expression.ts';
import { meanSquaredError, psnrOfError } from '../src/evaluate/metrics/psnr.ts';
import { seam } from '../src/evaluate/metrics/seam.ts';
import { ssim } from '../src/evaluate/metrics/ssim.ts';
import { type BenchFace, cropAround, type FaceCrop, type FaceLibrary } from './face-library.ts';
import type { PairSet } from './pairs.ts';
import { createProcessor, type ExtraOptions, swapStill } from './swap-still.ts';

/** One pair, measured. Names are those of the JSON. */
export interface PairMeasures {
  readonly set: PairSet;
  readonly source: string;
  readonly target: string;
  readonly outcome: string;
  /** Cosine of the result to the source and to the target, by fr_feature in BGR. */
  readonly identity: number;
  readonly identityToTarget: number;
  /** The same by the product's own recogniser, whose cosines of strangers lie near 0.85. */
  readonly ownIdentity: number;
  readonly ownIdentityToTarget: number;
  readonly expression: number;
  readonly opening: number;
  /** On the crop of three face widths. */
  readonly psnr: number;
  readonly ssim: number;
  /** The same change spread over the whole picture. */
  readonly framePsnr: number;
  readonly frameSsim: number;
  readonly seam: number;
  /** Height of the mesh over the height of the picture. */
  readonly faceShare: number;
  readonly milliseconds: number;
}

/** A pair with the pictures that a grid shows. */
export interface SwappedPair {
  readonly measures: PairMeasures;
  readonly source: BenchFace;
  readonly target: FaceCrop;
  readonly result: RgbImage;
}

export interface QualityBench {
  measure(set: PairSet, sourceName: string, targetName: string): Promise<SwappedPair>;
}

/** Opens the models that judge. `extra` are options of the run as a caller writes them. */
export async function createQualityBench(
  library: FaceLibrary,
  store: ModelStore,
  definition: ProcessorDefinition,
  extra: ExtraOptions,
): Promise<QualityBench> {
  const finder = await openMeshFinder(store);
  const judge = await openFaceEmbedder(store, 'fr_feature');
  const own = await openFaceEmbedder(store);
  return {
    async measure(set, sourceName, targetName) {
      const source = await library.face(sourceName);
      const targetFace = await library.face(targetName);
      const target = cropAround(targetFace);
      await using processor = await createProcessor(definition, store, [source], extra);
      const { result, outcome, milliseconds } = await swapStill(processor, target);

      const { before, after } = await meshesOf(finder, target, result);
      const byJudge = await cosines(judge, source, targetFace, result, after);
      const byOwn = await cosines(own, source, targetFace, result, after);
      const error = meanSquaredError(target.image, result);
      const likeness = ssim(target.image, result);
      // Nothing outside of the crop changes, so the rest of the picture has no error and a likeness of 1.
      const share = (target.image.width * target.image.height) / (target.frameWidth * target.frameHeight);
      const measures: PairMeasures = {
        set,
        source: sourceName,
        target: targetName,
        outcome: outcome.kind === 'changed' ? 'changed' : outcome.reason,
        identity: byJudge.toSource,
        identityToTarget: byJudge.toTarget,
        ownIdentity: byOwn.toSource,
        ownIdentityToTarget: byOwn.toTarget,
        expression: expressionError(before, after),
        opening: openingError(before, after),
        psnr: psnrOfError(error),
        ssim: likeness,
        framePsnr: psnrOfError(error * share),
        frameSsim: 1 - (1 - likeness) * share,
        seam: seam(target.image, result, target.mesh),
        faceShare: heightOf(target.mesh) / target.frameHeight,
        milliseconds,
      };
      return { measures, source, target, result };
    },
  };
}

/** Both meshes are found in the same way, so that the finder's own bias cancels. */
async function meshesOf(
  finder: MeshFinder,
  target: FaceCrop,
  result: RgbImage,
): Promise<{ before: FaceMesh; after: FaceMesh }> {
  const region = meshRegionOf(target.mesh);
  const before = await finder.find(target.image, region);
  const after = await finder.find(result, region);
  return { before: before.mesh, after: after.mesh };
}

async function cosines(
  embedder: FaceEmbedder,
  source: BenchFace,
  target: BenchFace,
  result: RgbImage,
  mesh: FaceMesh,
): Promise<{ toSource: number; toTarget: number }> {
  const made = await embedder.embed(result, landmarks5Of(mesh));
  return {
    toSource: similarity(made, await embedder.embed(source.image, source.face.landmarks5)),
    toTarget: similarity(made, await embedder.embed(target.image, target.face.landmarks5)),
  };
}

function heightOf(mesh: FaceMesh): number {
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < mesh.length; i += 3) {
    top = Math.min(top, mesh[i]);
    bottom = Math.max(bottom, mesh[i]);
  }
  return bottom - top;
}
