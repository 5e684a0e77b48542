/** What the sliders of expression add to LivePortrait's points. */
import type { ResolvedProcessOptions } from '../../core/options.ts';

const [X, Y, Z] = [0, 1, 2];

/** At the slider's end: point, axis, and what is added to it. */
type Change = readonly [point: number, axis: number, amount: number];

export interface ExpressionSlider {
  readonly option: keyof ResolvedProcessOptions;
  /** Times the slider, where it is above 0. */
  readonly above: readonly Change[];
  /** Times the slider, which is then negative. Default: as above 0. */
  readonly below?: readonly Change[];
}

/** Source: FaceFusion 3.8.1, in its order. */
export const EXPRESSION_SLIDERS: readonly ExpressionSlider[] = [
  {
    option: 'faceEditorEyeGazeHorizontal',
    above: [
      [11, X, 0.015],
      [15, X, 0.02],
    ],
    below: [
      [11, X, 0.02],
      [15, X, 0.015],
    ],
  },
  {
    option: 'faceEditorEyeGazeVertical',
    above: [
      [1, Y, 0.0025],
      [2, Y, -0.0025],
      [11, Y, -0.01],
      [13, Y, -0.005],
      [15, Y, -0.01],
      [16, Y, -0.005],
    ],
  },
  {
    option: 'faceEditorMouthGrim',
    above: [
      [17, Z, -0.005],
      [19, Z, 0.01],
      [20, Y, -0.06],
      [20, Z, -0.03],
    ],
    below: [
      [19, Y, -0.05],
      [19, Z, -0.02],
      [20, Z, -0.03],
    ],
  },
  {
    option: 'faceEditorMouthPositionHorizontal',
    above: [
      [19, X, 0.05],
      [20, X, 0.04],
    ],
  },
  {
    option: 'faceEditorMouthPositionVertical',
    above: [
      [19, Y, -0.04],
      [20, Y, -0.02],
    ],
    below: [
      [19, Y, -0.05],
      [20, Y, -0.04],
    ],
  },
  {
    option: 'faceEditorMouthPout',
    above: [
      [19, Y, -0.022],
      [19, Z, 0.025],
      [20, Z, -0.002],
    ],
    below: [
      [19, Y, 0.022],
      [19, Z, 0.025],
      [20, Z, -0.002],
    ],
  },
  {
    option: 'faceEditorMouthPurse',
    above: [
      [19, Y, -0.04],
      [19, Z, -0.02],
    ],
    below: [
      [14, Y, -0.02],
      [17, Z, 0.01],
      [19, Z, -0.015],
      [20, Z, -0.002],
    ],
  },
  {
    option: 'faceEditorMouthSmile',
    above: [
      [20, Y, -0.015],
      [14, Y, -0.025],
      [17, Y, 0.01],
      [17, Z, 0.004],
      [3, Y, -0.0045],
      [7, Y, -0.0045],
    ],
    below: [
      [14, Y, -0.02],
      [17, Y, 0.003],
      [19, Y, 0.02],
      [19, Z, -0.005],
      [20, Z, 0.01],
      [3, Y, 0.0045],
      [7, Y, 0.0045],
    ],
  },
  {
    option: 'faceEditorEyebrowDirection',
    above: [
      [1, Y, 0.015],
      [2, Y, -0.02],
    ],
    below: [
      [1, X, -0.015],
      [2, X, 0.02],
      [1, Y, 0.005],
      [2, Y, -0.005],
    ],
  },
];

/** The expression after all sliders, before its limits. A new array of 21 x (x, y, z). */
export function editExpression(expression: Float32Array, options: ResolvedProcessOptions): Float32Array {
  const edited = Float32Array.from(expression);
  for (const { option, above, below = above } of EXPRESSION_SLIDERS) {
    const value = options[option] as number;
    for (const [point, axis, amount] of value > 0 ? above : below) edited[point * 3 + axis]! += amount * value;
  }
  return edited;
}
