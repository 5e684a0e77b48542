import type { TargetFace } from '../processors/processor.ts';

/** A face in a picture that has grown: every coordinate times `factor`, between centres of pixels. */
export function scaleFace<F extends TargetFace>(face: F, factor: number): F {
  const move = (value: number): number => (value + 0.5) * factor - 0.5;
  const { landmarks5, landmarks68 } = face;
  return {
    ...face,
    mesh: face.mesh.map((value, at) => (at % 3 === 2 ? value * factor : move(value))),
    ...(landmarks5 ? { landmarks5: landmarks5.map(move) } : {}),
    ...(landmarks68 ? { landmarks68: landmarks68.map(move) } : {}),
  };
}
