/** Eyes and lips that open and close: what LivePortrait's retargeters want to know, and what comes of it. */
import type { ModelSession, Tensor } from '../inference/session.ts';

/** Where eyes and lips go at either end of their sliders. Source: FaceFusion 3.8.1. */
const EYE_TARGET = { closed: 0, open: 0.6 } as const;
const LIP_TARGET = { closed: 0, open: 1 } as const;
const SMALLEST = 1e-6;

/** Length between two of the 68 points over that of two others. */
function ratio(
  landmarks68: Float32Array,
  [a, b]: readonly [number, number],
  [c, d]: readonly [number, number],
): number {
  const length = (i: number, k: number): number =>
    Math.hypot(landmarks68[2 * i]! - landmarks68[2 * k]!, landmarks68[2 * i + 1]! - landmarks68[2 * k + 1]!);
  return length(a, b) / (length(c, d) + SMALLEST);
}

/** How far the eyes and lips are open, over their width. Order of the 68 points: iBUG. */
export const eyeRatios = (landmarks68: Float32Array): readonly [left: number, right: number] => [
  ratio(landmarks68, [37, 40], [39, 36]),
  ratio(landmarks68, [43, 46], [45, 42]),
];
export const lipRatio = (landmarks68: Float32Array): number => ratio(landmarks68, [62, 66], [54, 48]);

/**
 * Adds to `points`, 21 x (x, y, z), what opens or closes the eyes.
 * @param unedited points of the head as it was
 * @param slider   -1 closed .. 1 wide open
 */
export async function moveEyes(
  session: ModelSession,
  points: Float32Array,
  unedited: Float32Array,
  landmarks68: Float32Array,
  slider: number,
): Promise<void> {
  const target = slider < 0 ? EYE_TARGET.closed : EYE_TARGET.open;
  await addDelta(session, points, [...unedited, ...eyeRatios(landmarks68), target], slider);
}

/** The same for the lips. */
export async function moveLips(
  session: ModelSession,
  points: Float32Array,
  unedited: Float32Array,
  landmarks68: Float32Array,
  slider: number,
): Promise<void> {
  const target = slider < 0 ? LIP_TARGET.closed : LIP_TARGET.open;
  await addDelta(session, points, [...unedited, lipRatio(landmarks68), target], slider);
}

async function addDelta(
  session: ModelSession,
  points: Float32Array,
  question: readonly number[],
  slider: number,
): Promise<void> {
  // Whatever the answer, it would count for nothing.
  if (slider === 0) return;
  const input: Tensor = { data: Float32Array.from(question), dims: [1, question.length] };
  const result = await session.run({ input });
  const { data } = result[session.outputs[0]!.name]!;
  for (let at = 0; at < points.length; at++) points[at]! += data[at]! * Math.abs(slider);
}
