/** Measures a result against its sources and its target. */
import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { OnProgress } from '../core/progress.ts';
import { defaultModelDirectory, openModelStore } from '../engine/inference/session.ts';
import type { SessionCache } from '../engine/inference/session-cache.ts';
import { sniffMedia } from '../media/sniff.ts';
import { comparePhotos } from './compare-photos.ts';
import { compareVideos } from './compare-videos.ts';
import { openFaceJudge } from './face-judge.ts';
import { judge, type Measure, type MeasureName, type Verdict, worstVerdict } from './measures.ts';
import { readSourceIdentity } from './source-identity.ts';

/** What to compare. Paths of the files of one run. */
export interface EvaluateOptions {
  /** The source photos of the run: one person. */
  readonly sourcePaths: readonly string[];
  /** The target, a photo or a video. */
  readonly targetPath: string;
  /** What the run wrote, of the same kind, size and number of frames. */
  readonly resultPath: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Folder of the models; by default the package's own. */
  readonly modelDirectory?: string | undefined;
  /** Lent: sessions that are kept loaded. */
  readonly sessions?: SessionCache | undefined;
}

/** Plain data: `JSON.stringify` keeps all of it. */
export interface EvaluationReport {
  readonly kind: 'image' | 'video';
  readonly sourcePaths: readonly string[];
  readonly targetPath: string;
  readonly resultPath: string;
  readonly width: number;
  readonly height: number;
  /** Frames of the video, 1 for a photo. */
  readonly frames: number;
  /** Frames that identity, expression, seam and whole-frame measures were taken on. */
  readonly sampledFrames: readonly number[];
  /** Frames in a row that jitter and flicker were taken on; 0 for a photo. */
  readonly followedFrames: number;
  /** Changed faces over all sampled frames. Where none differs, the largest face of each counts. */
  readonly faces: number;
  /** Pixels outside of every mask and warped margin that differ, in all sampled frames. */
  readonly outside: { readonly changed: number; readonly total: number; readonly largest: number };
  /** Means over faces and frames. Absent measures could not be taken; jitter and flicker exist for videos only. */
  readonly measures: Readonly<Partial<Record<MeasureName, Measure>>>;
  /** The worst of the measures, second opinions aside. */
  readonly overall: Verdict;
}

/**
 * Compares files; nothing is written. Videos are read to their end, of which up to 12 frames are analysed whole and up
 * to 150 in a row are followed. Faces that the run left alone do not count.
 * @throws SOURCE_NO_FACE, TARGET_NO_FACE (no face in the target, or none where it was in the result), INPUT_UNSUPPORTED
 *   (a photo against a video; sizes or numbers of frames differ; neither photo nor video), what reading throws,
 *   MODEL_NOT_FOUND and its kin, CANCELLED
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const { sourcePaths, targetPath, resultPath, signal, onProgress } = options;
  if (sourcePaths.length === 0)
    throw new AppError('OPTION_MISSING', 'Expected at least one source photo, received none.');
  throwIfAborted(signal);
  const kind = await kindOfBoth(targetPath, resultPath);
  await using store = await openModelStore({
    directory: options.modelDirectory ?? defaultModelDirectory(),
    intraOpThreads: 1,
    sessions: options.sessions,
  });
  const faceJudge = await openFaceJudge(store);
  const source = await readSourceIdentity(sourcePaths, faceJudge, signal);
  const context = { judge: faceJudge, source, signal, onProgress };
  const { values, ...facts } =
    kind === 'image'
      ? await comparePhotos(targetPath, resultPath, context)
      : await compareVideos(targetPath, resultPath, context);
  const measures: Partial<Record<MeasureName, Measure>> = {};
  for (const [name, value] of values) measures[name] = judge(name, value);
  return {
    kind,
    sourcePaths: [...sourcePaths],
    targetPath,
    resultPath,
    ...facts,
    measures,
    overall: worstVerdict(measures),
  };
}

async function kindOfBoth(targetPath: string, resultPath: string): Promise<'image' | 'video'> {
  const target = await sniffMedia(targetPath);
  const result = await sniffMedia(resultPath);
  if (target.kind === result.kind && (target.kind === 'image' || target.kind === 'video')) return target.kind;
  throw new AppError(
    'INPUT_UNSUPPORTED',
    `Expected two photos or two videos, received ${target.kind} (${target.format}) as target and ${result.kind} (${result.format}) as result.`,
  );
}
