import { AppError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';

/** @throws INPUT_UNSUPPORTED when two pictures that are compared pixel by pixel differ in size */
export function assertSameSize(a: RgbImage, b: RgbImage): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new AppError(
    'INPUT_UNSUPPORTED',
    `Expected a result of the target's ${a.width}x${a.height} pixels, received ${b.width}x${b.height}.`,
    {
      hint: 'Compare with the very target of the run.',
      details: { target: [a.width, a.height], result: [b.width, b.height] },
    },
  );
}
