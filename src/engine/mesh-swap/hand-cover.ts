import type { Region } from '../../core/image.ts';
import { applyHand, type HandMatte, handCoverageAt } from '../hands/hand-matte.ts';
import type { Cover } from './mesh-swapper.ts';

/**
 * A hand in front of a face, for the swapper.
 * @param matte  in coordinates of the frame
 * @param region the part of the frame that the swapper works on
 */
export function handCover(matte: HandMatte, region: Region): Cover {
  const local: HandMatte = { ...matte, x0: matte.x0 - region.x0, y0: matte.y0 - region.y0 };
  return {
    maskWeights(rig, mesh, size, weight) {
      const { triangle, weights, texels } = rig.grid(size);
      for (const i of texels) {
        if (weight[i] === 0) continue;
        const t = triangle[i] * 3;
        const a = rig.triangles[t] * 3;
        const b = rig.triangles[t + 1] * 3;
        const c = rig.triangles[t + 2] * 3;
        const w1 = weights[i * 2];
        const w2 = weights[i * 2 + 1];
        const w0 = 1 - w1 - w2;
        const x = mesh[a] * w0 + mesh[b] * w1 + mesh[c] * w2;
        const y = mesh[a + 1] * w0 + mesh[b + 1] * w1 + mesh[c + 1] * w2;
        weight[i] *= 1 - handCoverageAt(local, x, y);
      }
    },
    restore: (from, to) => applyHand(local, from, to),
  };
}
