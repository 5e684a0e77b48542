/** Changes the expression of one face in the pixels around it. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import type { FaceRig } from '../mesh-swap/rig.ts';
import { type ExpressionEdit, isUnchanged } from './expression-edit.ts';
import { drawEye } from './eye-opening.ts';
import { createFaceWeights, type FaceWeights } from './face-weights.ts';
import { headFrame } from './head-frame.ts';
import { drawMouth } from './mouth-opening.ts';
import { moveMesh, sourceMesh } from './move-mesh.ts';
import { FaceRedraw } from './redraw.ts';

export class FaceEdit {
  readonly #weights: FaceWeights;
  readonly #redraw: FaceRedraw;

  constructor(rig: FaceRig) {
    this.#weights = createFaceWeights(rig);
    this.#redraw = new FaceRedraw(rig);
  }

  /**
   * @param out equal to `before`; gets the result
   * @returns the mesh in `out`
   */
  apply(before: RgbImage, out: RgbImage, mesh: FaceMesh, edit: ExpressionEdit): FaceMesh {
    if (isUnchanged(edit)) return mesh;
    const frame = headFrame(mesh);
    const moved = moveMesh(mesh, this.#weights, frame, edit);
    this.#redraw.draw(before, out, sourceMesh(mesh, edit), moved);
    for (const side of [0, 1] as const) {
      const [right, down] = edit.gaze[side];
      if (edit.lids[side] !== 1 || right !== 0 || down !== 0) {
        drawEye(before, out, mesh, moved, frame, side, edit.gaze[side]);
      }
    }
    if (edit.lipGap > 0 || edit.lips > 1) drawMouth(before, out, mesh, moved);
    return moved;
  }
}
