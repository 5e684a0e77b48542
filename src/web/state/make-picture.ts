/** Asks the service for one processed frame. */
import { api, ask, fetchBlob, type Schemas } from './api.ts';
import { loadAsset } from './assets.ts';
import { decodePicture } from './decode-picture.ts';
import type { ProjectDocument } from './document.ts';
import { documentAt } from './range-settings.ts';
import { toRun } from './request.ts';

export interface MadePicture {
  /** Decoded; held so that it is drawn at once. */
  readonly canvas: HTMLCanvasElement;
  readonly frame: number;
  readonly facts: Schemas['Preview'];
  /** What it took, answer and all. */
  readonly seconds: number;
}

/** What is asked for: any frame can be looked at, also those that are trimmed away; as its range has it. */
export const runAt = (document: ProjectDocument, frame: number): ReturnType<typeof toRun> =>
  toRun({ ...documentAt(document, frame), range: undefined });

/**
 * @param document one without a lack
 * @throws ApiError, and what an aborted request throws
 */
export async function makePicture(document: ProjectDocument, frame: number, signal: AbortSignal): Promise<MadePicture> {
  const run = runAt(document, frame);
  const began = performance.now();
  const asset = await loadAsset(run.target);
  const body = {
    ...run,
    options: run.options ?? {},
    ...(asset.media.kind === 'video' ? { frameNumber: frame } : {}),
  } as Schemas['PreviewRequest'];
  // The answer is JSON, since nothing else is asked for: the document has a picture beside it.
  const facts = (await ask(api().POST('/v1/preview', { body, signal }))) as Schemas['Preview'];
  const canvas = await decodePicture(await fetchBlob(facts.pictureUrl, signal));
  return { canvas, frame, facts, seconds: (performance.now() - began) / 1000 };
}
