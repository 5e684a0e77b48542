import type { PixelRegion } from '../../media/post/clean-photo.ts';
import type { PublishedSource } from './published-source.ts';
import type { RequestFacts } from './workbench.ts';

/** A ladder of renditions, with what belongs to it. */
export interface HlsRequest extends RequestFacts {
  readonly kind: 'hls';
  readonly heights: readonly number[];
  readonly segmentSeconds: number;
  readonly poster: boolean;
  readonly sprites: boolean;
  readonly filters: readonly string[];
  readonly regions: readonly PixelRegion[];
  readonly audioFilters?: readonly string[] | undefined;
}

/** Heights of the ladder that the output has, largest first. */
export function ladder(heights: readonly number[], { height }: Pick<PublishedSource, 'height'>): number[] {
  const fitting = [...new Set(heights)].filter((one) => one <= height).sort((a, b) => b - a);
  return fitting.length > 0 ? fitting : [height];
}
