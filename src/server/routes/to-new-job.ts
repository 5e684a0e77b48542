/** What a request asks for, in the words of the services. */
import { AppError } from '../../core/errors.ts';
import type { MediaMap } from '../../jobs/assets-of.ts';
import type { Media } from '../../jobs/job.ts';
import type { NewJob, NewRange, NewRun } from '../../jobs/job-service.ts';
import { OUTPUT_IMAGE_FORMATS } from '../../media/write-image.ts';
import type { ReadyAsset } from '../assets/assets.ts';
import type { Caller } from '../auth/caller.ts';
import { allows } from '../auth/scopes.ts';
import type { JobRequest } from '../contracts/job-request.ts';

type RunRequest = Pick<JobRequest, 'sources' | 'map' | 'processors' | 'options'>;

const toMedia = (id: string): Media => ({ kind: 'asset', id });

/**
 * @param target of this tenant
 * @throws FORBIDDEN
 */
export function toNewJob(request: JobRequest, target: ReadyAsset, caller: Caller): NewJob {
  const { output, post, priority, callback, labels, reuse } = request;
  const format = output?.format ?? defaultFormat(target);
  return {
    tenant: caller.tenant,
    owner: caller.owner,
    run: {
      ...toRun(request, caller),
      ...(request.ranges ? { ranges: request.ranges.map(toRange) } : {}),
      target: toMedia(target.id),
      output: { kind: 'stored', name: `${output?.name ?? 'result'}.${format}` },
    },
    ...{ post, priority, labels, reuse },
    ...(callback ? { callback: { url: callback.url, on: callback.on ?? ['completed', 'failed', 'cancelled'] } } : {}),
  };
}

const toMap = (map: NonNullable<RunRequest['map']>): MediaMap<Media> =>
  map.map(({ person, sources }) => ({ person, sources: sources.map(toMedia) }));

export const toRange = ({ map, ...range }: NonNullable<JobRequest['ranges']>[number]): NewRange => ({
  ...range,
  ...(map ? { map: toMap(map) } : {}),
});

/** Sources, map and options. @throws FORBIDDEN */
export function toRun(
  { sources = [], map = [], processors, options = {} }: RunRequest,
  caller: Caller,
): Pick<NewRun, 'sources' | 'map' | 'options'> {
  if (options.labelDuty !== undefined && !allows(caller.scopes, 'admin')) {
    throw new AppError('FORBIDDEN', 'Only a key with the scope admin may name a label duty of this installation.', {
      hint: 'Leave labelDuty out: outputs then have the visible label.',
    });
  }
  return {
    sources: sources.map(toMedia),
    map: toMap(map),
    options: { ...options, ...(processors ? { processors } : {}) },
  };
}

function defaultFormat({ media }: ReadyAsset): string {
  if (media.kind !== 'image') return 'mp4';
  return (OUTPUT_IMAGE_FORMATS as readonly string[]).includes(media.format) ? media.format : 'png';
}
