import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { RefreshedPicture } from '../../components/refreshed-picture.tsx';
import { assets, frameUrl, loadAsset } from '../../state/assets.ts';
import { progressOf, shownFrame } from '../../state/job-facts.ts';
import type { Job } from '../../state/jobs.ts';

/** Widths that the page asks for: few, so that pictures are found again. */
export const THUMB_WIDTH = 160;
export const CARD_WIDTH = 720;

/** Of a running job the frame that was finished last, where the service has a picture of it. */
function latestOf(job: Job): string | undefined {
  const pictured = job.state === 'running' ? progressOf(job)?.pictured : undefined;
  return pictured === undefined ? undefined : `/v1/jobs/${job.id}/latest-frame?at=${pictured}`;
}

/** The latest frame of a running job, else one of its target. */
export function JobPicture({ job, width = THUMB_WIDTH }: { readonly job: Job; readonly width?: number }): JSX.Element {
  const { target } = job;
  useEffect(() => {
    // The facts of a target may have expired with it: there is no picture then.
    if (target !== undefined) loadAsset(target).catch(() => undefined);
  }, [target]);
  // Which frame to show is known with the target.
  const isKnown = target !== undefined && assets.value.has(target);
  const path = latestOf(job) ?? (isKnown ? frameUrl(target, shownFrame(job), width) : undefined);
  return <RefreshedPicture path={path} alt="" />;
}

export const JobThumb = ({ job, wide = true }: { readonly job: Job; readonly wide?: boolean }): JSX.Element => (
  <span class={wide ? 'thumb w' : 'thumb'}>
    <JobPicture job={job} />
  </span>
);
