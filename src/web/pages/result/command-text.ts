/** The same work as a command and as a call of the API. */
import { assets } from '../../state/assets.ts';
import { ownOptionsOf, presetOf } from '../../state/job-facts.ts';
import type { Job } from '../../state/jobs.ts';

const fileOf = (id: string): string => assets.value.get(id)?.fileName ?? `${id}.file`;

/** As a POSIX shell wants a word. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** `faceEnhancerBlend` as `--face-enhancer-blend`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The preset by its name, and what differs from it. */
function setOf(job: Job): Readonly<Record<string, unknown>> {
  const preset = presetOf(job);
  return { ...(preset === undefined ? {} : { preset }), ...ownOptionsOf(job) };
}

const words = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).map((one) => quote(String(one)));

/** Lines of `facefusion process`, each option on one. Files are named as they were uploaded. */
export function commandOf(job: Job): readonly string[] {
  const { target, sources, map } = job;
  const output = job.outputs.find(({ role }) => role === 'main')?.name ?? job.outputName ?? 'result';
  return [
    'facefusion process',
    ...(sources.length > 0 ? [`--source ${sources.map((id) => quote(fileOf(id))).join(' ')}`] : []),
    ...map.map(({ person, sources: ids }) => `--map ${quote(`${person}=${ids.map(fileOf).join(',') || 'keep'}`)}`),
    ...(target === undefined ? [] : [`--target ${quote(fileOf(target))}`]),
    `--output ${quote(output)}`,
    ...Object.entries(setOf(job)).map(([name, value]) =>
      value === true ? flagOf(name) : `${flagOf(name)} ${words(value).join(' ')}`,
    ),
  ];
}

/** The request that makes such a job. */
export function requestOf(job: Job): Readonly<Record<string, unknown>> {
  const { target, sources, map } = job;
  const { processors, ...rest } = setOf(job);
  const name = job.outputName?.replace(/\.[^.]+$/, '');
  return {
    target,
    ...(sources.length > 0 ? { sources } : {}),
    ...(map.length > 0 ? { map } : {}),
    ...(processors === undefined ? {} : { processors }),
    options: rest,
    ...(name === undefined ? {} : { output: { name } }),
    ...(job.post.length > 0 ? { post: job.post } : {}),
  };
}

/** Lines of a call with curl. */
export const callOf = (job: Job, origin: string): readonly string[] => [
  `curl -X POST ${origin}/v1/jobs`,
  `-H 'content-type: application/json'`,
  `-d ${quote(JSON.stringify(requestOf(job), undefined, 2))}`,
];

/** As text to paste. */
export const pasted = (lines: readonly string[]): string => lines.join(' \\\n  ');
