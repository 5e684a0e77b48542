/** Pose and expression of a head as LivePortrait sees them, and the points that its generator moves. */
import type { Tensor } from '../inference/session.ts';

export const MOTION_POINT_COUNT = 21;

/** In degrees, in the model's own sense. */
export interface HeadAngles {
  readonly pitch: number;
  readonly yaw: number;
  readonly roll: number;
}

export interface Motion {
  readonly angles: HeadAngles;
  readonly scale: number;
  /** x, y, z */
  readonly translation: Float32Array;
  /** 21 x (x, y, z): how far the points are from those of the resting face. */
  readonly expression: Float32Array;
  /** 21 x (x, y, z) of the resting face, upright. */
  readonly points: Float32Array;
}

/**
 * Reads the seven outputs of the motion extractor, in its order.
 * @returns undefined where one of the numbers is none
 */
export function readMotion(outputs: readonly Tensor[]): Motion | undefined {
  if (!outputs.every(({ data }) => data.every(Number.isFinite))) return undefined;
  const [pitch, yaw, roll, scale, translation, expression, points] = outputs.map(({ data }) => data);
  const angles = { pitch: pitch![0]!, yaw: yaw![0]!, roll: roll![0]! };
  return { angles, scale: scale![0]!, translation: translation!, expression: expression!, points: points! };
}

/** Row-major: first about x by the pitch, then about y by the yaw, then about z by the roll, about fixed axes. */
function rotationOf({ pitch, yaw, roll }: HeadAngles): readonly number[] {
  const [a, b, c] = [pitch, yaw, roll].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  const [sa, ca, sb, cb, sc, cc] = [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b), Math.sin(c), Math.cos(c)];
  return [
    ...[cc * cb, cc * sb * sa - sc * ca, cc * sb * ca + sc * sa],
    ...[sc * cb, sc * sb * sa + cc * ca, sc * sb * ca - cc * sa],
    ...[-sb, cb * sa, cb * ca],
  ];
}

/**
 * Where the points of a head lie: scale (R points + expression) + translation. A new array of 21 x (x, y, z).
 * @param change of the pose and expression that the motion has
 */
export function placePoints(
  { points, scale, translation, ...motion }: Motion,
  change: { readonly angles?: HeadAngles; readonly expression?: Float32Array } = {},
): Float32Array {
  const { angles = motion.angles, expression = motion.expression } = change;
  const rotation = rotationOf(angles);
  const placed = new Float32Array(MOTION_POINT_COUNT * 3);
  for (let point = 0; point < placed.length; point += 3) {
    for (let axis = 0; axis < 3; axis++) {
      let turned = 0;
      for (let k = 0; k < 3; k++) turned += rotation[axis * 3 + k]! * points[point + k]!;
      placed[point + axis] = scale * (turned + expression[point + axis]!) + translation[axis]!;
    }
  }
  return placed;
}

/** 21 x (x, y, z) as the models want them. Lent. */
export const pointsTensor = (points: Float32Array): Tensor => ({ data: points, dims: [1, MOTION_POINT_COUNT, 3] });
