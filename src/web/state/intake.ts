/** Files that were dropped, pasted or picked become sources and targets. What is wrong with one never costs the others. */
import { signal } from '@preact/signals';
import { type TextKey, type TextValues, t } from '../i18n/i18n.ts';
import { ownError } from './api.ts';
import { type Asset, upload } from './assets.ts';
import { project } from './document.ts';
import { addPhotos, addSources, replacePhotos, setTarget } from './edit.ts';
import { giveMissing } from './missing-files.ts';
import { jobOfOutput } from './restore-settings.ts';
import { isProjectFile, openProjectFile } from './share-project.ts';
import { showUndoToast, type UndoToast } from './undo-toast.ts';
import { applySettings } from './use-again.ts';

/**
 * Where they fell. `anywhere`: the first photo is a source, what follows the target.
 */
export type Place =
  | { readonly kind: 'anywhere' }
  | { readonly kind: 'source' }
  | { readonly kind: 'photos'; readonly id: string }
  | { readonly kind: 'replace'; readonly id: string }
  | { readonly kind: 'target' }
  /** A file that the project misses, wherever in it that is. */
  | { readonly kind: 'missing' };

/** Why a file could not be taken; stays until it is dismissed. */
export interface Refusal {
  readonly id: number;
  readonly fileName: string;
  readonly error: unknown;
  /** The region that shows it. */
  readonly place: 'source' | 'target';
}
export const refusals = signal<readonly Refusal[]>([]);
/** Refusals that are kept on the page; a folder of a thousand wrong files says enough with these. */
const REFUSALS_SHOWN = 5;
let last = 0;

export const dismiss = (id: number): void => {
  refusals.value = refusals.value.filter((refusal) => refusal.id !== id);
};

function refuse(fileName: string, place: Place, error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  refusals.value = [...refusals.value, { id: ++last, fileName, error, place: regionOf(place) }].slice(-REFUSALS_SHOWN);
}

/** The region of the page that a place belongs to. */
const regionOf = ({ kind }: Place): Refusal['place'] =>
  kind === 'target' || (kind === 'anywhere' && project.value.value.sources.length > 0) ? 'target' : 'source';

/** Files at once on their way: more would only share the line. */
const AT_ONCE = 3;

/** Uploads files and puts them where they belong. Never throws: what could not be taken is in `refusals`. */
export async function takeFiles(files: readonly File[], place: Place): Promise<void> {
  const kept = files.find(isProjectFile);
  if (kept) return openProjectFile(kept);
  refusals.value = refusals.value.filter((refusal) => refusal.place !== regionOf(place));
  const taken: (Asset | undefined)[] = files.map(() => undefined);
  const waiting = files.map((file, at) => ({ file, at }));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { file, at } = next;
      try {
        taken[at] = await upload(file);
      } catch (error) {
        refuse(file.name, place, error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  placeAssets(
    taken.filter((asset) => asset !== undefined),
    place,
  );
}

const isPhoto = ({ media }: Asset): boolean => media.kind === 'image';

const tell = (key: TextKey, values: TextValues, more: Omit<UndoToast, 'kind' | 'text'> = {}): void =>
  showUndoToast({ kind: 'success', text: t(key, values), ...more });

function placeAssets(all: readonly Asset[], place: Place): void {
  for (const { fileName } of all.filter(({ media }) => media.kind === 'audio')) {
    refuse(fileName, place, ownError('SOUND_ONLY'));
  }
  const assets = giveMissing(all.filter(({ media }) => media.kind !== 'audio'));
  const [first] = assets;
  if (!first) return;
  if (place.kind === 'missing') {
    for (const { fileName } of assets) refuse(fileName, place, ownError('NOT_MISSING'));
    return;
  }
  if (place.kind === 'target') takeTargets(assets);
  else if (place.kind === 'anywhere') placeAnywhere(assets);
  else {
    const photos = assets.filter(isPhoto);
    const video = assets.find((asset) => !isPhoto(asset));
    if (photos.length > 0) takePhotos(photos, place);
    if (video) takeTargets([video], photos.length === 0);
  }
}

/** A video is a target. Of photos, the first that is no source yet becomes one; the next is the target. */
function placeAnywhere(assets: readonly Asset[]): void {
  const { sources, target } = project.value.value;
  const photos = assets.filter(isPhoto);
  const videos = assets.filter((asset) => !isPhoto(asset));
  if (videos.length > 0) {
    if (photos.length > 0) takePhotos(photos, { kind: 'source' });
    takeTargets(videos);
    return;
  }
  if (sources.length > 0) {
    if (target === undefined) takeTargets(photos);
    else takePhotos(photos, { kind: 'source' });
    return;
  }
  const [source, next, ...more] = photos;
  if (!source || !next || target !== undefined) {
    takePhotos(photos.slice(0, 1), { kind: 'source' });
    return;
  }
  addSources([[source.id]]);
  setTarget(
    next.id,
    more.map(({ id }) => id),
  );
  tell('intake.both', { source: source.fileName, target: next.fileName }, { steps: 2 });
}

function takePhotos(photos: readonly Asset[], place: Place): void {
  const ids = photos.map(({ id }) => id);
  const name = (id: string): string => project.value.value.sources.find((source) => source.id === id)?.name ?? '';
  if (place.kind === 'photos') {
    addPhotos(place.id, ids);
    tell('intake.photos', { name: name(place.id) });
  } else if (place.kind === 'replace') {
    replacePhotos(place.id, ids);
    tell('intake.replaced', { name: name(place.id) });
  } else {
    addSources([ids]);
    if (photos.length === 1) tell('intake.source', { file: photos[0]?.fileName ?? '' });
    else tellTogether(ids);
  }
}

/** Several at once are most often one person; where they are not, one click takes them apart. */
const tellTogether = (ids: readonly string[]): void =>
  tell(
    'intake.sources',
    { count: ids.length },
    { instead: { label: t('intake.apart'), run: () => addSources(ids.map((id) => [id])) } },
  );

function takeTargets([first, ...more]: readonly Asset[], wasMeantAsSource = false): void {
  if (!first) return;
  const hadOne = project.value.value.target !== undefined;
  setTarget(
    first.id,
    more.map(({ id }) => id),
  );
  const key = wasMeantAsSource ? 'intake.isVideo' : hadOne ? 'intake.target.replaced' : 'intake.target';
  const made = more.length === 0 && jobOfOutput(first.sha256);
  if (made) {
    const instead = { label: t('restore.settings'), run: () => void applySettings(made) };
    tell('restore.isResult', { file: first.fileName }, { instead });
  } else if (more.length > 0) tell('intake.batch', { count: more.length + 1 });
  else tell(key, { file: first.fileName });
}
