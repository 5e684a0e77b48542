/** Files that were verified here: the one that is looked at, and those before it. */
import { signal } from '@preact/signals';
import { toApiError } from '../../client/index.ts';
import { type ApiError, api, ask, authorization, type Schemas } from './api.ts';
import { type Asset, upload } from './assets.ts';

export type Verdict = Schemas['Verdict'];

export interface Check {
  readonly id: number;
  readonly fileName: string;
  readonly asset?: Asset;
  readonly verdict?: Verdict;
  readonly error?: ApiError;
}

/** Newest first; kept as long as the page is open, since the files are not ours. */
export const checks = signal<readonly Check[]>([]);
export const shownCheck = signal<number | undefined>(undefined);
const AT_MOST = 20;
let last = 0;

const put = (check: Check): void => {
  checks.value = [check, ...checks.value.filter(({ id }) => id !== check.id)]
    .sort((a, b) => b.id - a.id)
    .slice(0, AT_MOST);
};

/** Uploads a file and asks what it says of itself; what goes wrong is told in the check. */
export async function verifyFile(file: File): Promise<void> {
  await check(file.name, async () => file);
}

/** An output, as whoever downloads it gets it. */
export async function verifyOutput(output: Pick<Schemas['JobOutput'], 'name' | 'url' | 'contentType'>): Promise<void> {
  const name = output.name.slice(output.name.lastIndexOf('/') + 1);
  await check(name, async () => {
    const response = await fetch(output.url, { headers: authorization() });
    if (!response.ok) throw await toApiError(response);
    return new File([await response.blob()], name, { type: output.contentType });
  });
}

async function check(fileName: string, fetchFile: () => Promise<File>): Promise<void> {
  let current: Check = { id: ++last, fileName };
  shownCheck.value = current.id;
  put(current);
  try {
    const asset = await upload(await fetchFile());
    current = { ...current, asset };
    put(current);
    const verdict = await ask(api().POST('/v1/verify', { body: { target: asset.id } }));
    put({ ...current, verdict });
  } catch (error) {
    put({ ...current, error: error as ApiError });
  }
}
