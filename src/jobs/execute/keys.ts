/** Where the tasks of a job put what they make. Everything of a job begins with `jobs/<id>/`. */

/** What an attempt at the outputs has written: of several, one is published. */
export const outputPrefix = (job: string, token: string): string => `jobs/${job}/output/${token}/`;

/** Outputs of all attempts. */
export const outputsPrefix = (job: string): string => `jobs/${job}/output/`;

/** What an attempt at a chunk has written. */
export const chunkPrefix = (job: string, chunk: number, token: string): string =>
  `jobs/${job}/chunks/${chunk}/${token}/`;

/** Chunks of all attempts. */
export const chunksPrefix = (job: string): string => `jobs/${job}/chunks/`;

/** The frame that was finished last, while a job runs. */
export const latestFrameKey = (job: string): string => `jobs/${job}/latest.jpg`;

/** Pictures of an answer that somebody waits for. */
export const lookPrefix = (task: string): string => `looks/${task}/`;

/** Keys are of letters, digits, `.`, `_` and `-`; names of users are of anything. */
export const toKeyName = (name: string): string => {
  const clean = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return clean === '' ? 'file' : clean;
};
