/** Work as a program would ask for it: a command, or a call of the API. Pure. */
import type { Schemas } from './api.ts';
import { ownOptionsOf, presetOf } from './job-facts.ts';
import type { Job } from './jobs.ts';

export type JobRequest = Schemas['JobRequest'];

/** As a POSIX shell wants a word. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** `faceEnhancerBlend` as `--face-enhancer-blend`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** What a command names by files. */
export interface CommandFiles {
  /** Name of an upload: the file lies where the command is run. */
  readonly nameOf: (asset: string) => string;
  readonly output: string;
}

/** Lines of `facefusion process`, each option on one. */
export function commandOf(request: JobRequest, { nameOf, output }: CommandFiles): readonly string[] {
  const { target, sources = [], map = [], ranges = [], processors, options = {} } = request;
  const toWord = ({ person, sources: ids }: NonNullable<JobRequest['map']>[number]): string =>
    `${person}=${ids.map((id) => nameOf(id).replaceAll(',', '\\,')).join(',') || 'keep'}`;
  const toJson = ({ map: own, ...range }: NonNullable<JobRequest['ranges']>[number]): string =>
    JSON.stringify({ ...range, ...(own ? { map: own.map(toWord) } : {}) });
  const given: readonly (readonly [flag: string, values: readonly string[]])[] = [
    ['--source', sources.map(nameOf)],
    ['--map', map.map(toWord)],
    ['--target', [nameOf(target)]],
    ['--output', [output]],
    ['--processors', processors ?? []],
    ...Object.entries(options).flatMap(([name, value]) =>
      value === true ? [] : [[flagOf(name), wordsOf(value)] as const],
    ),
    ['--ranges', ranges.map(toJson)],
  ];
  const switches = Object.entries(options).filter(([, value]) => value === true);
  return [
    'facefusion process',
    ...given.flatMap(([flag, values]) => (values.length === 0 ? [] : [[flag, ...values.map(quote)].join(' ')])),
    ...switches.map(([name]) => flagOf(name)),
  ];
}

/** A switch that is off is one that is not there. */
const wordsOf = (value: unknown): readonly string[] =>
  value === false || value === undefined || value === null ? [] : [value].flat().map(String);

/** Lines of a call with curl. */
export const callOf = (request: JobRequest, origin: string): readonly string[] => [
  `curl -X POST ${origin}/v1/jobs`,
  `-H 'content-type: application/json'`,
  `-d ${quote(JSON.stringify(request, undefined, 2))}`,
];

/** As text to paste. */
export const pasted = (lines: readonly string[]): string => lines.join(' \\\n  ');

/** The request that makes such a job: its preset by name, and what differs from it. */
export function requestOf(job: Job): JobRequest {
  const { target = '', sources, map, ranges } = job;
  const preset = presetOf(job);
  const { processors, ...options } = ownOptionsOf(job);
  const name = job.outputName?.replace(/\.[^.]+$/, '');
  return {
    target,
    ...(sources.length > 0 ? { sources } : {}),
    ...(map.length > 0 ? { map } : {}),
    ...(Array.isArray(processors) ? { processors: processors as NonNullable<JobRequest['processors']> } : {}),
    ...(ranges ? { ranges } : {}),
    options: { ...(preset === undefined ? {} : { preset }), ...options },
    ...(name === undefined ? {} : { output: { name } }),
    ...(job.post.length > 0 ? { post: job.post as NonNullable<JobRequest['post']> } : {}),
  };
}
