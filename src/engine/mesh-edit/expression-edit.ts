/** What is to change about an expression. Lengths are in widths of the face; left and right are the image's. */
export interface ExpressionEdit {
  /** How far the brows rise: left, right. */
  readonly brows: readonly [number, number];
  /** What the opening between the lids is multiplied with: left, right. 0 closes the eye, 1 leaves it. */
  readonly lids: readonly [number, number];
  /** How far the irises move, in their radii: right and down, left eye and right eye. */
  readonly gaze: readonly [readonly [number, number], readonly [number, number]];
  /** How far the corners of the mouth rise: left, right. */
  readonly corners: readonly [number, number];
  /** What the width of the mouth and the thickness of the lips are multiplied with. */
  readonly mouthWidth: number;
  readonly lipHeight: number;
  /** How far the mouth moves: right, down. */
  readonly mouthShift: readonly [number, number];
  /** What the opening between the lips is multiplied with, 0..1 and above, and what is added to it. */
  readonly lips: number;
  readonly lipGap: number;
}

export const UNCHANGED: ExpressionEdit = {
  brows: [0, 0],
  lids: [1, 1],
  gaze: [
    [0, 0],
    [0, 0],
  ],
  corners: [0, 0],
  mouthWidth: 1,
  lipHeight: 1,
  mouthShift: [0, 0],
  lips: 1,
  lipGap: 0,
};

const numbersOf = (edit: ExpressionEdit): number[] => [
  ...edit.brows,
  ...edit.lids,
  ...edit.gaze.flat(),
  ...edit.corners,
  ...[edit.mouthWidth, edit.lipHeight],
  ...edit.mouthShift,
  ...[edit.lips, edit.lipGap],
];
const STILL = numbersOf(UNCHANGED);

/** Whether nothing is to change. */
export const isUnchanged = (edit: ExpressionEdit): boolean => numbersOf(edit).every((value, at) => value === STILL[at]);
