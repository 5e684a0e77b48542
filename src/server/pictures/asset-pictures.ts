/** Pictures of uploads, for pages: made when they are asked for first, and kept on the disk of this machine. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder } from '../../core/data-folder.ts';
import { AppError } from '../../core/errors.ts';
import { type InputCache, openInputCache } from '../../jobs/execute/input-cache.ts';
import type { Storage } from '../../jobs/storage/storage.ts';
import { encodePhoto, encodePicture } from '../../media/encode-picture.ts';
import { probeVideo, type VideoInfo } from '../../media/probe.ts';
import { IMAGE_FORMATS } from '../../media/sniff.ts';
import type { ReadyAsset } from '../assets/assets.ts';
import { openPictureCache, type PictureCache } from './picture-cache.ts';
import { createSharedWork } from './shared-work.ts';
import { createSlots } from './slots.ts';
import { filmstripPicture, framePicture, sizeByHeight, sizeByWidth } from './video-pictures.ts';

/** Rises when the same address gives another picture than before. */
export const PICTURES_VERSION = 1;
/** Videos that are decoded at once: the rest of the machine is for jobs. */
const AT_ONCE = 2;
/** Pictures that may wait for that. */
const MOST_WAITING = 500;
/** Some 20,000 frames at the width of a stage. */
const CACHE_BYTES = 1_000_000_000;
/** Videos whose headers are remembered. */
const OPEN_VIDEOS = 32;
/** Beyond it browsers shrink what they show, and JPEG ends at four times as much. */
const WIDEST_STRIP = 16_384;

export interface AssetPictures {
  /**
   * A frame of a video, or a photo as frame 0: upright, JPEG.
   * @param width in pixels; never wider than the asset
   * @throws OPTION_INVALID where there is no such frame, INPUT_UNSUPPORTED for sound, OVERLOADED, CANCELLED, NOT_FOUND where
   *   the bytes are gone; what reading throws
   */
  frame(asset: ReadyAsset, frame: number, width: number | undefined, signal: AbortSignal): Promise<Buffer>;
  /**
   * Frames of a video side by side: JPEG. Cells are smaller than asked for where the picture would become too wide.
   * @throws as `frame`
   */
  filmstrip(asset: ReadyAsset, count: number, height: number, signal: AbortSignal): Promise<Buffer>;
  /** Removes the pictures of an asset. */
  forget(asset: Pick<ReadyAsset, 'id' | 'sha256'>): Promise<void>;
  /** Removes the pictures of assets that are gone. */
  sweep(isThere: (id: string) => Promise<boolean>): Promise<void>;
}

/** @param folder of this machine, for pictures and, where the storage is elsewhere, for what they are made of */
export function createAssetPictures(storage: Storage, folder: string = join(dataFolder(), 'pictures')): AssetPictures {
  const slots = createSlots(AT_ONCE, MOST_WAITING);
  const works = createSharedWork<Buffer>();
  const videos = new Map<string, Promise<VideoInfo>>();
  let opened: Promise<PictureCache> | undefined;
  let inputs: Promise<InputCache> | undefined;

  const cache = (): Promise<PictureCache> => {
    opened ??= openPictureCache(join(folder, `v${PICTURES_VERSION}`), CACHE_BYTES);
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };

  /** Where the storage is elsewhere, the file is brought once. */
  const openInputs = (): Promise<InputCache> => {
    const place = join(folder, 'inputs');
    // What an earlier process left may be of assets that are gone.
    inputs ??= rm(place, { recursive: true, force: true }).then(() => openInputCache({ folder: place, storage }));
    inputs.catch(() => {
      inputs = undefined;
    });
    return inputs;
  };

  const withFile = async <T>(
    { key, sha256 }: ReadyAsset,
    signal: AbortSignal,
    work: (path: string) => Promise<T>,
  ): Promise<T> => {
    const path = await storage.localFile(key);
    if (path !== undefined) return work(path);
    using held = await (await openInputs()).hold({ key, sha256 }, signal);
    return await work(held.path);
  };

  /** The header serves every frame: whoever comes next needs it, too, and so nobody ends this by leaving. */
  const openVideo = (id: string, path: string): Promise<VideoInfo> => {
    const known = videos.get(id);
    videos.delete(id);
    const info = known ?? probeVideo(path);
    videos.set(id, info);
    info.catch(() => videos.delete(id));
    const [oldest] = videos.keys();
    if (videos.size > OPEN_VIDEOS && oldest !== undefined) videos.delete(oldest);
    return info;
  };

  const kept = async (name: string, signal: AbortSignal, make: (signal: AbortSignal) => Promise<Buffer>) => {
    const pictures = await cache();
    return (
      (await pictures.get(name)) ??
      works.do(
        name,
        async (shared) => {
          const picture = await make(shared);
          await pictures.put(name, picture);
          return picture;
        },
        signal,
      )
    );
  };

  return {
    async frame(asset, frame, width, signal) {
      const { id, media } = asset;
      checkFrame(asset, frame);
      const isOwnSize = width === undefined || width >= (media.width ?? 0);
      return kept(`${id}.${frame}.${isOwnSize ? 'own' : width}.jpg`, signal, (shared) =>
        withFile(asset, shared, (path) =>
          slots.use(async () => {
            if (media.kind === 'image') return encodePhoto(path, toImageFormat(media.format), width);
            const info = await openVideo(id, path);
            return encodePicture(await framePicture(path, info, frame, sizeByWidth(info, width), shared));
          }, shared),
        ),
      );
    },

    async filmstrip(asset, count, height, signal) {
      const { id, media } = asset;
      if (media.kind !== 'video') throw noVideo(asset);
      return kept(`${id}.strip.${count}.${height}.jpg`, signal, (shared) =>
        withFile(asset, shared, async (path) => {
          const one = <T>(work: () => Promise<T>): Promise<T> => slots.use(work, shared);
          const info = await one(() => openVideo(id, path));
          const asked = sizeByHeight(info, height);
          const narrower = (asked.height * WIDEST_STRIP) / (asked.width * count);
          const cell = narrower < asked.height ? sizeByHeight(info, Math.floor(narrower) - 1) : asked;
          const frames = media.frames ?? info.frameCountEstimate;
          return encodePicture(await filmstripPicture(path, info, { count, cell, frames }, one, shared));
        }),
      );
    },

    async forget({ id, sha256 }) {
      videos.delete(id);
      await (await cache()).forget(id);
      await (await inputs)?.forget(sha256);
    },

    async sweep(isThere) {
      const pictures = await cache();
      for (const id of pictures.subjects()) if (!(await isThere(id))) await pictures.forget(id);
    },
  };
}

/** A header may say too little: a few frames more are looked for, but not any number. */
const UNSTATED_SHARE = 1.05;
const UNSTATED_FRAMES = 50;

function checkFrame(asset: ReadyAsset, frame: number): void {
  const { kind, frames } = asset.media;
  if (kind === 'audio') throw noVideo(asset);
  const most = kind === 'image' ? 1 : frames === undefined ? undefined : frames * UNSTATED_SHARE + UNSTATED_FRAMES;
  if (most === undefined || frame < most) return;
  throw new AppError('OPTION_INVALID', `Expected a frame below ${kind === 'image' ? 1 : frames}, received ${frame}.`, {
    hint: 'Frames are counted from 0; a photo has one.',
    details: { option: 'frame', frames: frames ?? 1 },
  });
}

const noVideo = ({ media }: ReadyAsset): AppError =>
  new AppError('INPUT_UNSUPPORTED', `Expected a video, received ${media.kind === 'image' ? 'a photo' : 'sound'}.`);

function toImageFormat(format: string): (typeof IMAGE_FORMATS)[number] {
  const known = IMAGE_FORMATS.find((one) => one === format);
  if (known) return known;
  throw new AppError('INPUT_UNSUPPORTED', `Expected a photo, received ${format}.`);
}
