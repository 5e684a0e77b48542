/**
 * Client of the HTTP API, typed by its OpenAPI document. Works in Node 20 and newer and in browsers; imports nothing of
 * either.
 * @example
 * const client = createClient({ baseUrl: 'http://127.0.0.1:7861' });
 * const face = await client.uploadFile(await openAsBlob('face.jpg'), { fileName: 'face.jpg' });
 * const party = await client.uploadFile(await openAsBlob('party.mp4'), { fileName: 'party.mp4' });
 * const { data: job } = await client.POST('/v1/jobs', { body: { sources: [face.id], target: party.id } });
 */
import createFetchClient, { type Client } from 'openapi-fetch';
import { type DownloadedOutput, downloadOutput } from './download-output.ts';
import { type FindPeopleOptions, findPeople, type People } from './find-people.ts';
import type { Job } from './job-events.ts';
import type { paths } from './schema.ts';
import type { ClientOptions, Send } from './send.ts';
import { type Asset, type UploadOptions, uploadFile } from './upload-file.ts';
import { type WaitOptions, waitForJob } from './wait-for-job.ts';

export { ApiError, type Problem, toApiError } from './api-error.ts';
export type { DownloadedOutput } from './download-output.ts';
export type { FindPeopleOptions, People } from './find-people.ts';
export type { Job, JobEvent } from './job-events.ts';
export type { components, operations, paths } from './schema.ts';
export type { ClientOptions } from './send.ts';
export type { Asset, UploadOptions } from './upload-file.ts';
export { type Callback, type CallbackHeaders, verifyCallback } from './verify-callback.ts';
export type { WaitOptions } from './wait-for-job.ts';

/**
 * `GET`, `POST`, `DELETE` … take any path of the API and give `{ data, error, response }`; the others do more than one
 * request, and throw `ApiError`.
 */
export interface FaceFusionClient extends Client<paths> {
  /** Uploads a `Blob` or `File`, large ones in parts that go on where a line broke. */
  uploadFile(file: Blob, options?: UploadOptions): Promise<Asset>;
  /** Waits until a job has ended, well or not. */
  waitForJob(id: string, options?: WaitOptions): Promise<Job>;
  /** Tells who is seen in a photo or a video, and how far it is with that. */
  findPeople(target: string, options?: FindPeopleOptions): Promise<People>;
  /** Begins to download an output. */
  downloadOutput(
    job: string,
    name: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<DownloadedOutput>;
}

/** Makes a client. It holds no connection. */
export function createClient({ baseUrl, key, fetch = globalThis.fetch }: ClientOptions): FaceFusionClient {
  const base = baseUrl.replace(/\/+$/, '');
  const authorization = key === undefined || key === '' ? {} : { authorization: `Bearer ${key}` };
  const send: Send = (path, init = {}) =>
    fetch(base + path, { ...init, headers: { ...authorization, ...Object(init.headers) } });
  return {
    ...createFetchClient<paths>({ baseUrl: base, headers: authorization, fetch: (request) => fetch(request) }),
    uploadFile: (file, options) => uploadFile(send, file, options),
    findPeople: (target, options) => findPeople(send, target, options),
    waitForJob: (id, options) => waitForJob(send, id, options),
    downloadOutput: (job, name, options) => downloadOutput(send, job, name, options),
  };
}
