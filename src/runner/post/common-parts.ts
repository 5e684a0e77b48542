/** What clean-up and loudness mean for every file that is made. */
import { AppError } from '../../core/errors.ts';
import type { PostStep, StepOf } from '../../core/post-steps/post-steps.ts';
import type { Note } from '../../engine/processors/processor.ts';
import { regionFilters } from '../../media/post/clean-photo.ts';
import { loudnessFilter, measureLoudness } from '../../media/post/measure-loudness.ts';
import { cleanupRegions } from '../../trust/post/cleanup-regions.ts';
import type { PublishedSource } from '../../trust/post/published-source.ts';
import { checkCleanup } from './check-cleanup.ts';
import type { CommonParts } from './plan-post.ts';

export interface CommonOptions {
  readonly targetPath: string | undefined;
  readonly onNote: (note: Note) => void;
  readonly signal: AbortSignal | undefined;
}

/** @throws what `checkCleanup` and `cleanupRegions` throw; FFMPEG_FAILED, CANCELLED */
export async function commonParts(
  steps: readonly PostStep[],
  source: PublishedSource,
  { targetPath, onNote, signal }: CommonOptions,
): Promise<CommonParts> {
  const cleanups = steps.filter((step): step is StepOf<'cleanup'> => step.type === 'cleanup');
  const loudness = steps.find((step): step is StepOf<'loudness'> => step.type === 'loudness');
  if (cleanups.length > 0) {
    await checkCleanup(source, targetPath, signal);
    if (source.info?.frameTimes) {
      throw new AppError('INPUT_UNSUPPORTED', 'An animated WebP cannot be cleaned.', {
        hint: 'Convert it to mp4 first.',
      });
    }
  }
  const regions = await cleanupRegions(cleanups, source, signal);
  const audioFilters = loudness && (await soundFilters(loudness, source, onNote, signal));
  return {
    ...{ regions, cleanups, audioFilters },
    filters: regions.flatMap((region, index) => regionFilters(region, `region${index}`)),
    ...(audioFilters ? { loudness } : {}),
  };
}

/** One filter a stream; undefined where nothing is to be heard. */
async function soundFilters(
  step: StepOf<'loudness'>,
  { path, info }: PublishedSource,
  onNote: (note: Note) => void,
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  const filters: string[] = [];
  const before: string[] = [];
  for (const [stream, { sampleRate }] of (info?.audioStreams ?? []).entries()) {
    const measured = await measureLoudness(path, stream, step, signal);
    before.push(measured ? measured.integratedLufs.toFixed(1) : 'silent');
    filters.push(measured ? loudnessFilter(step, measured, sampleRate) : 'anull');
  }
  if (filters.length === 0) {
    onNote({ code: 'no-sound', message: 'The output has no sound whose loudness could be set.' });
    return undefined;
  }
  onNote({
    code: 'loudness',
    message: `Loudness was ${before.join(', ')} LUFS, and is set to ${step.integratedLufs}.`,
  });
  return filters;
}
