/** Who is seen in a photo or a video: the runner behind `findPeople`, `facefusion faces --people` and `--map`. */
import { throwIfAborted } from '../../core/abort.ts';
import { isAppError } from '../../core/errors.ts';
import { createProgressMeter, type OnProgress } from '../../core/progress.ts';
import { createFaceAnalyser } from '../../engine/faces/analyse.ts';
import { createFaceTracker } from '../../engine/faces/track.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../../engine/inference/session.ts';
import type { SessionCache } from '../../engine/inference/session-cache.ts';
import type { Note } from '../../engine/processors/processor.ts';
import { probeVideo, type VideoInfo } from '../../media/probe.ts';
import { readImage } from '../../media/read-image.ts';
import { sniffMedia } from '../../media/sniff.ts';
import { openVideoReader, readVideoFrame } from '../../media/video-reader.ts';
import { cropFace } from '../crop-faces.ts';
import { type KnownPerson, namePeople } from './name-people.ts';
import { PEOPLE_SCORE, type People } from './people.ts';
import { findPeopleInPhoto } from './people-in-photo.ts';
import { PeopleSurvey } from './survey.ts';

export interface FindPeopleOptions {
  /** Also cut the face of each person out. Default false. */
  readonly crops?: boolean | undefined;
  /** Folder with the ONNX files and their manifest; by default the package's own. */
  readonly modelDirectory?: string | undefined;
  /** Lent; see `RunContext`. */
  readonly sessions?: SessionCache | undefined;
  /** Called at most ten times a second, with stage `people`. */
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The people of a video, and what recognises them. Plain data that `v8.serialize` takes. */
export interface KnownPeople {
  readonly people: People;
  /** In the order of `people.persons`. */
  readonly known: readonly KnownPerson[];
}

/**
 * Follows all faces through a whole video, or looks at one photo, and tells who is who.
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE, INPUT_UNSUPPORTED, INPUT_TOO_LARGE, MODEL_NOT_FOUND,
 *   MODEL_CORRUPT, FFMPEG_NOT_FOUND, FFMPEG_FAILED, CANCELLED
 */
export async function findPeople(path: string, options: FindPeopleOptions = {}): Promise<People> {
  const { signal } = options;
  throwIfAborted(signal);
  const { kind } = await sniffMedia(path);
  await using store = await openModelStore({
    directory: options.modelDirectory ?? defaultModelDirectory(),
    intraOpThreads: 1,
    sessions: options.sessions,
  });
  if (kind !== 'video') {
    return await findPeopleInPhoto((await readImage(path)).image, store, options.crops ?? false);
  }
  const info = await probeVideo(path);
  const { people, known } = await surveyPeople(path, info, store, options);
  if (!options.crops) return people;
  const persons = [];
  for (const [index, person] of people.persons.entries()) {
    const picture = await readVideoFrame(path, info, person.best.frame, signal);
    persons.push({ ...person, crop: cropFace(picture, known[index]!.best) });
  }
  return { ...people, persons };
}

/**
 * The pass over a whole video, without crops. What a truncated video has is looked at, and a note says so.
 * @param store lent
 * @throws as `findPeople`
 */
export async function surveyPeople(
  path: string,
  info: VideoInfo,
  store: ModelStore,
  { signal, onProgress }: Pick<FindPeopleOptions, 'signal' | 'onProgress'> = {},
): Promise<KnownPeople> {
  const tracker = await createFaceTracker(store, { minimumScore: PEOPLE_SCORE });
  const analyser = await createFaceAnalyser(store, { minimumScore: PEOPLE_SCORE });
  const survey = new PeopleSurvey((frame, { rawMesh, meshScore, score }) =>
    analyser.describe(frame, { mesh: rawMesh, score: meshScore }, score, { embedding: true, classification: true }),
  );
  const meter = createProgressMeter('people', Math.max(1, info.frameCountEstimate), onProgress);
  const notes: Note[] = [];
  try {
    await using reader = openVideoReader(path, info, { signal });
    for await (const frame of reader) {
      await survey.observe(frame, await tracker.update(frame, frame.ptsSeconds));
      meter.step(survey.frames);
      throwIfAborted(signal);
    }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'VIDEO_TRUNCATED') throw error;
    notes.push({ code: 'video-truncated', message: error.message, ...(error.hint ? { hint: error.hint } : {}) });
  }
  const { persons: known, unclearTracks } = namePeople(survey.tracklets, survey.frames);
  const people: People = {
    kind: 'video',
    width: info.frameWidth,
    height: info.frameHeight,
    frames: survey.frames,
    persons: known.map(({ person }) => person),
    unclearTracks,
    notes,
  };
  return { people, known };
}
