/** What is seen in the photos of sources: a warning before the result shows it. */
import { signal } from '@preact/signals';
import { ApiError, api, ask, type Schemas } from './api.ts';

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

const notes = signal<ReadonlyMap<string, PhotoNote>>(new Map());
const put = (asset: string, note: PhotoNote): void => {
  notes.value = new Map(notes.value).set(asset, note);
};

type Faces = Schemas['Faces']['faces'];

/** Pictures of the faces themselves, by the photo's id: a thumbnail of a whole photo shows nobody. */
const pictures = signal<ReadonlyMap<string, string>>(new Map());
export const facePictureOf = (asset: string): string | undefined => pictures.value.get(asset);

const width = ({ box }: Faces[number]): number => box.x1 - box.x0;

/** The one that a run takes. */
const largestOf = (faces: Faces): Faces[number] | undefined =>
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

const asked = new Set<string>();

/** The note of a photo, which is asked for once. */
export function noteOf(asset: string): PhotoNote {
  const note = notes.value.get(asset);
  if (!asked.has(asset)) {
    asked.add(asset);
    void look(asset);
  }
  return note ?? { kind: 'looking' };
}

async function look(asset: string): Promise<void> {
  try {
    const { faces } = await ask(api().POST('/v1/faces', { body: { target: asset } }));
    const picture = largestOf(faces)?.pictureUrl;
    if (picture !== undefined) pictures.value = new Map(pictures.value).set(asset, picture);
    put(asset, judge(faces));
  } catch (error) {
    const isGone = error instanceof ApiError && error.code === 'NOT_FOUND';
    if (!isGone) asked.delete(asset);
    put(asset, { kind: isGone ? 'gone' : 'unknown' });
  }
}
