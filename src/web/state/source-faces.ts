/** What is seen in the photos of sources: a warning before the result shows it. */
import { signal } from '@preact/signals';
import { ApiError, api, ask } from './api.ts';
import { judge, largestOf, type PhotoNote } from './judge-photo.ts';

const notes = signal<ReadonlyMap<string, PhotoNote>>(new Map());
const put = (asset: string, note: PhotoNote): void => {
  notes.value = new Map(notes.value).set(asset, note);
};

/** Pictures of the faces themselves, by the photo's id: a thumbnail of a whole photo shows nobody. */
const pictures = signal<ReadonlyMap<string, string>>(new Map());
export const facePictureOf = (asset: string): string | undefined => pictures.value.get(asset);

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
