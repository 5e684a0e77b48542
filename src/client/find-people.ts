/** Who is seen in a target: a video is looked through as a whole, which takes a while. */
import { ApiError, type Problem } from './api-error.ts';
import { readEvents } from './read-events.ts';
import type { components } from './schema.ts';
import type { Send } from './send.ts';

export type People = components['schemas']['People'];
type Progress = components['schemas']['JobProgress'];

export interface FindPeopleOptions {
  /** Called at most ten times a second while a video is looked through. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborting takes the question back. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param target id of an upload
 * @throws ApiError; TypeError for a line that broke
 */
export async function findPeople(
  send: Send,
  target: string,
  { onProgress, signal }: FindPeopleOptions = {},
): Promise<People> {
  const request = {
    ...({ method: 'POST', headers: { 'content-type': 'application/json' }, signal } as const),
    body: JSON.stringify({ target }),
  };
  for await (const { name, data } of readEvents(send, '/v1/people', request)) {
    if (name === 'answer') return JSON.parse(data) as People;
    if (name === 'error') throw new ApiError(JSON.parse(data) as Problem);
    if (name === 'progress') onProgress?.(JSON.parse(data) as Progress);
  }
  throw new TypeError('The line broke before the answer came.');
}
