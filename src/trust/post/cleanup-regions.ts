/** Which regions of an output may be cleaned: never its own label, never beyond its edges. */
import { AppError } from '../../core/errors.ts';
import type { Region } from '../../core/image.ts';
import type { StepOf } from '../../core/post-steps/post-steps.ts';
import type { PixelRegion } from '../../media/post/clean-photo.ts';
import { findLabelPlace, labelPlace } from './label-places.ts';
import type { PublishedSource } from './published-source.ts';

type Cleanup = StepOf<'cleanup'>;

/**
 * The regions in whole pixels.
 * @throws OPTION_INVALID for one that is not inside the picture; POLICY_FORBIDS for one that touches the visible label
 */
export async function cleanupRegions(
  steps: readonly Cleanup[],
  source: PublishedSource,
  signal: AbortSignal | undefined,
): Promise<PixelRegion[]> {
  if (steps.length === 0) return [];
  const { path, kind, labels, width, height, info } = source;
  // The label that is there, and the one that the policy asks for now.
  const places = [
    await findLabelPlace(path, kind, signal),
    labels.length > 0 ? labelPlace(labels, info?.frameWidth ?? width, info?.frameHeight ?? height) : undefined,
  ].filter((place) => place !== undefined);
  return steps.map((step) => {
    const region = toPixels(step, source);
    if (places.some((place) => meets(region, place))) {
      throw new AppError('POLICY_FORBIDS', 'A clean-up may not touch the visible label that says what the output is.', {
        hint: 'Choose a region outside of it: it is in the bottom right corner.',
        details: { region: { ...region } },
      });
    }
    return region;
  });
}

const meets = ({ x, y, width, height }: PixelRegion, { x0, y0, x1, y1 }: Region): boolean =>
  x < x1 && x + width > x0 && y < y1 && y + height > y0;

/** The filter fills a region from the pixels around it: one is left at every edge of the picture. */
const EDGE = 1;

function toPixels(step: Cleanup, { width, height }: PublishedSource): PixelRegion {
  const [across, down] = step.unit === 'ratio' ? [width, height] : [1, 1];
  const left = Math.floor(step.x * across);
  const top = Math.floor(step.y * down);
  const right = Math.ceil((step.x + step.width) * across);
  const bottom = Math.ceil((step.y + step.height) * down);
  const isInside = left < width && top < height && right <= width && bottom <= height;
  const [x, y] = [Math.max(EDGE, left), Math.max(EDGE, top)];
  const region = {
    ...{ x, y, mode: step.mode },
    ...{ width: Math.min(right, width - EDGE) - x, height: Math.min(bottom, height - EDGE) - y },
  };
  if (isInside && region.width > 0 && region.height > 0) return region;
  throw new AppError(
    'OPTION_INVALID',
    `Expected a region inside ${width} x ${height} pixels, received x ${step.x}, y ${step.y}, width ${step.width}, height ${step.height}.`,
    { hint: 'With "unit": "ratio" numbers are parts of the picture, 0..1.', details: { option: 'post.cleanup' } },
  );
}
