/** Whether a photo is a good source, by the faces that are seen in it. */
import type { Schemas } from './api.ts';

/** What keeps a photo from being a good source. */
export type PhotoNote =
  | { readonly kind: 'looking' }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly count: number }
  | { readonly kind: 'small'; readonly pixels: number }
  | { readonly kind: 'turned' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'gone' }
  /** It could not be looked at; the run will say more. */
  | { readonly kind: 'unknown' };

/** Width of a face that is enough for a sharp result on the usual video. */
export const GOOD_WIDTH = 200;
/** Beyond it the far half of a face is mostly hidden. */
const TURNED_DEGREES = 35;

type Faces = Schemas['Faces']['faces'];

const width = ({ box }: Faces[number]): number => box.x1 - box.x0;

/** The one that a run takes. */
export const largestOf = (faces: Faces): Faces[number] | undefined =>
  faces.reduce<Faces[number] | undefined>(
    (best, face) => (best && width(best) >= width(face) ? best : face),
    undefined,
  );

/** The worst that can be said of a photo. @param faces best first */
export function judge(faces: Faces): PhotoNote {
  const largest = largestOf(faces);
  if (!largest) return { kind: 'none' };
  if (faces.length > 1) return { kind: 'several', count: faces.length };
  const pixels = Math.round(width(largest));
  if (pixels < GOOD_WIDTH) return { kind: 'small', pixels };
  return Math.abs(largest.pose.yawDegrees) > TURNED_DEGREES ? { kind: 'turned' } : { kind: 'clear' };
}
