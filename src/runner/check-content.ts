/** Whether a photo or a frame of a video may be worked on: the runner behind `facefusion faces --content`. */
import { throwIfAborted } from '../core/abort.ts';
import { contentModels } from '../core/content-options.ts';
import {
  type ContentVerdict,
  DEFAULT_CONTENT_THRESHOLD,
  openContentAnalyser,
} from '../engine/content/content-analyser.ts';
import { defaultModelDirectory, openModelStore } from '../engine/inference/session.ts';
import { userModelFolder } from '../engine/models/user-models.ts';
import { readPicture } from './detect-faces.ts';

export interface CheckContentOptions {
  /** Frame of a video, from 0. Default 0. */
  readonly frameNumber?: number | undefined;
  /** As in `contentAnalyserModels`. Default: the embedded one. */
  readonly models?: readonly string[] | undefined;
  /** Score of the embedded classifier from which it flags, 0..1. Default 0.75. */
  readonly threshold?: number | undefined;
  readonly modelFolder?: string | undefined;
  readonly licensePolicy?: 'commercial' | 'any' | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param path of a photo or video
 * @throws what reading a picture and opening a model throws; CANCELLED
 */
export async function checkContent(path: string, options: CheckContentOptions = {}): Promise<ContentVerdict> {
  const { frameNumber = 0, models = [], threshold = DEFAULT_CONTENT_THRESHOLD, signal } = options;
  throwIfAborted(signal);
  const picture = await readPicture(path, frameNumber, signal);
  await using store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder: userModelFolder(options.modelFolder) },
    licensePolicy: options.licensePolicy ?? 'commercial',
  });
  const analyser = await openContentAnalyser(store, { models: contentModels(models), threshold });
  return await analyser.analyse(picture);
}
