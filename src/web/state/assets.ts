/** Files that were given: on their way, or there. */
import { signal } from '@preact/signals';
import { api, ask, ownError, type Schemas } from './api.ts';

export type Asset = Schemas['Asset'];

/** Assets that the page has seen, by id. */
export const assets = signal<ReadonlyMap<string, Asset>>(new Map());

/** A file on its way. */
export interface Upload {
  readonly id: number;
  readonly fileName: string;
  readonly sentBytes: number;
  readonly bytes: number;
  readonly abort: () => void;
}
export const uploads = signal<readonly Upload[]>([]);
let last = 0;

const remember = (asset: Asset): Asset => {
  assets.value = new Map(assets.value).set(asset.id, asset);
  return asset;
};

/** Smallest that is worth sending: browsers give folders of some systems as empty files. */
const EMPTY = ownError('FILE_EMPTY');

/**
 * Uploads a file, in parts that go on where the line broke.
 * @throws ApiError: what the file is not; an AbortError
 */
export async function upload(file: File): Promise<Asset> {
  if (file.size === 0) throw EMPTY;
  const id = ++last;
  const controller = new AbortController();
  const entry: Upload = { id, fileName: file.name, sentBytes: 0, bytes: file.size, abort: () => controller.abort() };
  uploads.value = [...uploads.value, entry];
  const onProgress = (sentBytes: number): void => {
    uploads.value = uploads.value.map((one) => (one.id === id ? { ...one, sentBytes } : one));
  };
  try {
    const asset = await api().uploadFile(file, { fileName: file.name, onProgress, signal: controller.signal });
    // The service calls bytes that it has already as they were called then.
    return remember({ ...asset, fileName: file.name });
  } finally {
    uploads.value = uploads.value.filter((one) => one.id !== id);
  }
}

const loading = new Map<string, Promise<Asset>>();

/** Facts of an asset, from the service where the page has not seen it. @throws ApiError NOT_FOUND where it has expired */
export function loadAsset(id: string): Promise<Asset> {
  const known = assets.value.get(id);
  if (known) return Promise.resolve(known);
  const under = loading.get(id);
  if (under) return under;
  const work = ask(api().GET('/v1/assets/{id}', { params: { path: { id } } }))
    .then(remember)
    .finally(() => loading.delete(id));
  loading.set(id, work);
  return work;
}

/** A frame of an asset as a picture; frame 0 of a photo. */
export const frameUrl = (asset: string, frame: number, width: number): string =>
  `/v1/assets/${asset}/frames/${frame}?width=${width}`;

/** Evenly spaced frames of a video, side by side. */
export const filmstripUrl = (asset: string, count: number, height: number): string =>
  `/v1/assets/${asset}/filmstrip?count=${count}&height=${height}`;

/** What a file was called when it was uploaded; of one that is not known, a name that stands for it. */
export const fileNameOf = (id: string): string => assets.value.get(id)?.fileName ?? `${id}.file`;
