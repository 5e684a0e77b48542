/** The sliders of `face_editor` as changes of the mesh. */
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { ExpressionEdit } from './expression-edit.ts';

/** How far each slider goes at its ends. Lengths in widths of the face; chosen by eye, to stay believable. */
const BROW = { up: 0.04, down: 0.032 } as const;
/** Radii of the iris. */
const GAZE = { horizontal: 0.75, vertical: 0.4 } as const;
const LID = { wide: 0.4, closed: 1 } as const;
/** Lids go with the gaze: up and down. */
const LID_FOLLOWS = { up: 0.12, down: 0.28 } as const;
const GRIM = { lips: -0.3, corners: -0.012, width: 0.05 } as const;
const POUT = { out: { width: -0.12, lips: 0.35 }, in: { width: 0.02, lips: -0.35 } } as const;
const PURSE = { width: -0.24, lips: 0.12 } as const;
const SMILE = { up: 0.052, down: 0.04, width: 0.06 } as const;
const POSITION = { horizontal: 0.04, vertical: 0.03 } as const;
const LIPS_OPEN = 0.06;

export function sliderEdit(options: ResolvedProcessOptions): ExpressionEdit {
  const brow = options.faceEditorEyebrowDirection;
  const gazeX = options.faceEditorEyeGazeHorizontal;
  const gazeY = options.faceEditorEyeGazeVertical;
  const open = options.faceEditorEyeOpenRatio;
  const lip = options.faceEditorLipOpenRatio;
  const grim = options.faceEditorMouthGrim;
  const pout = options.faceEditorMouthPout;
  const purse = options.faceEditorMouthPurse;
  const smile = options.faceEditorMouthSmile;

  const rise = brow * (brow > 0 ? BROW.up : BROW.down);
  const lid =
    (1 + open * (open > 0 ? LID.wide : LID.closed)) * (1 + gazeY * (gazeY > 0 ? LID_FOLLOWS.up : LID_FOLLOWS.down));
  const gaze = [gazeX * GAZE.horizontal, -gazeY * GAZE.vertical] as const;
  const corner = smile * (smile > 0 ? SMILE.up : SMILE.down) + grim * GRIM.corners;
  const pouting = pout > 0 ? POUT.out : POUT.in;
  return {
    brows: [rise, rise],
    lids: [lid, lid],
    gaze: [gaze, gaze],
    corners: [corner, corner],
    mouthWidth:
      (1 + Math.abs(pout) * pouting.width) *
      (1 + purse * PURSE.width) *
      (1 + Math.max(0, smile) * SMILE.width) *
      (1 + grim * GRIM.width),
    lipHeight: (1 + Math.abs(pout) * pouting.lips) * (1 + purse * PURSE.lips) * (1 + grim * GRIM.lips),
    mouthShift: [
      options.faceEditorMouthPositionHorizontal * POSITION.horizontal,
      -options.faceEditorMouthPositionVertical * POSITION.vertical,
    ],
    lips: lip < 0 ? 1 + lip : 1,
    lipGap: lip > 0 ? lip * LIPS_OPEN : 0,
  };
}
