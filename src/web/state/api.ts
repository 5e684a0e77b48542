/** The service, as the page talks with it: the public API and nothing else. */
import { signal } from '@preact/signals';
import {
  ApiError,
  type components,
  createClient,
  type FaceFusionClient,
  type Problem,
  toApiError,
} from '../../client/index.ts';

export type Schemas = components['schemas'];
export type { Problem };
export { ApiError };

const STORED_KEY = 'facefusion.key';

/** Needed beyond this machine; forgotten with the tab. */
const key = signal(sessionStorage.getItem(STORED_KEY) ?? undefined);
const make = (): FaceFusionClient =>
  createClient({ baseUrl: location.origin, ...(key.value === undefined ? {} : { key: key.value }) });
let client = make();

/** True while the service wants a key that the page does not have. */
export const needsKey = signal(false);
/** False while the service does not answer. */
export const isOnline = signal(true);

export function signIn(next: string): void {
  sessionStorage.setItem(STORED_KEY, next);
  key.value = next;
  client = make();
  needsKey.value = false;
}

/** Headers of requests that are not made through the client. */
export const authorization = (): Readonly<Record<string, string>> =>
  key.value === undefined ? {} : { authorization: `Bearer ${key.value}` };

export const api = (): FaceFusionClient => client;

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * What a call answers.
 * @throws ApiError with the problem that the service tells; of a service that does not answer `OVERLOADED`
 */
export const ask = async <T>(call: Promise<Answer<T>>): Promise<T> => (await askWhole(call)).data;

/** The same with the answer's headers. */
export async function askWhole<T>(
  call: Promise<Answer<T>>,
): Promise<{ readonly data: T; readonly response: Response }> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) isOnline.value = false;
    throw error;
  }
  isOnline.value = true;
  const { data, error, response } = answer;
  if (response.ok && data !== undefined) return { data, response };
  if (response.status === 401) needsKey.value = true;
  const { status } = response;
  throw isProblem(error)
    ? new ApiError(error)
    : new ApiError({ code: 'UNKNOWN', status, detail: `The service answered ${status}.` });
}

/** What a call did that has nothing to answer. @throws ApiError as `ask` */
export async function tell(call: Promise<Answer<unknown>>): Promise<void> {
  await askWhole(call.then((answer) => ({ ...answer, data: answer.data ?? null })));
}

/** What a call answers that throws by itself; whether there is a service, and a key, is learned from it. */
export async function learnFrom<T>(call: Promise<T>): Promise<T> {
  try {
    const answer = await call;
    isOnline.value = true;
    return answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) needsKey.value = true;
    if (error instanceof TypeError) isOnline.value = false;
    throw error;
  }
}

/** Of errors that only the page can tell: the service was not asked, or has not answered. */
export type OwnCode = 'OFFLINE' | 'FILE_EMPTY' | 'SOUND_ONLY' | 'NOT_MISSING';
export const ownError = (code: OwnCode): ApiError => new ApiError({ code, status: 0, detail: '' });

const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;

/** What is at an address of the service. @throws ApiError, and what an aborted request throws */
export async function fetchBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await fetch(path, { headers: authorization(), ...(signal ? { signal } : {}) });
  if (!response.ok) throw await toApiError(response);
  return response.blob();
}

/** An address of the service for `img` and `video`: those send no key, so that a picture is fetched where there is one. */
export async function pictureOf(path: string, signal?: AbortSignal): Promise<string> {
  return key.value === undefined ? path : URL.createObjectURL(await fetchBlob(path, signal));
}
