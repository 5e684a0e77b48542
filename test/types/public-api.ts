/** The public types: what must compile, and what must not. `npm run typecheck` is the test; nothing here is run. */
import { expectTypeOf } from 'vitest';
import {
  AppError,
  type DetectedFaces,
  detectFaces,
  type ErrorCode,
  evaluate,
  findPeople,
  isAppError,
  type People,
  type ProcessResult,
  type ProgressEvent,
  previewFrame,
  processImage,
  processMedia,
  processVideo,
} from '../../src/index.ts';

const paths = { sourcePaths: ['a.jpg'], targetPath: 't.mp4', outputPath: 'o.mp4' };

export function calls(): void {
  void processImage(paths);
  void processMedia(paths);
  void processVideo({
    ...paths,
    processors: ['face_swapper'],
    faceSelectorMode: 'many',
    faceSelectorGender: 'female',
    faceSwapperWeight: 0.5,
    faceMaskTypes: ['box', 'occlusion'],
    executionProviders: ['cpu'],
    videoChunkSize: 100,
    onNoFace: 'copy',
    signal: new AbortController().signal,
    onProgress: (event) => expectTypeOf(event).toEqualTypeOf<ProgressEvent>(),
    logger: { debug() {}, info() {}, warn() {} },
    modelDirectory: 'models',
  });
  // A caller may pass on what it does not have.
  void processImage({ ...paths, signal: undefined, onProgress: undefined });

  // @ts-expect-error the paths are required
  void processImage({ sourcePaths: ['a.jpg'] });
  // @ts-expect-error a list, also for one source
  void processImage({ ...paths, sourcePaths: 'a.jpg' });
  // @ts-expect-error no such option
  void processImage({ ...paths, faceSwaperWeight: 1 });
  // @ts-expect-error no such processor
  void processImage({ ...paths, processors: ['face_blender'] });
  // @ts-expect-error no such selector mode
  void processVideo({ ...paths, faceSelectorMode: 'all' });
  // @ts-expect-error a number
  void processVideo({ ...paths, outputVideoQuality: '80' });
  // @ts-expect-error no such provider
  void processVideo({ ...paths, executionProviders: ['gpu'] });

  void previewFrame({ ...paths, outputPath: 'o.png', frameNumber: 3 });
  void previewFrame({ ...paths, outputPath: 'o.png' }).then(({ timeSeconds }) =>
    expectTypeOf(timeSeconds).toEqualTypeOf<number>(),
  );
  // @ts-expect-error a number
  void previewFrame({ ...paths, frameNumber: '3' });

  void detectFaces('photo.jpg');
  void detectFaces({ data: new Uint8Array(3), width: 1, height: 1 }, { minimumScore: 0.4, classification: true });
  // @ts-expect-error bytes alone have no size
  void detectFaces(new Uint8Array(3));

  void findPeople('clip.mp4', { crops: true, signal: undefined, onProgress: ({ done }) => void done });
  // @ts-expect-error a video is read, pixels are not
  void findPeople(new Uint8Array(3));

  void evaluate({ sourcePaths: ['a.jpg'], targetPath: 't.jpg', resultPath: 'r.jpg' });
  // @ts-expect-error a result is needed
  void evaluate({ sourcePaths: ['a.jpg'], targetPath: 't.jpg' });

  // @ts-expect-error no such code
  void new AppError('NO_SUCH_CODE', 'x');
}

export function results(result: ProcessResult, faces: DetectedFaces, people: People): void {
  expectTypeOf(people.persons[0]!.first.seconds).toEqualTypeOf<number>();
  // @ts-expect-error what recognises a person is nobody's business
  void people.persons[0]!.embedding;
  expectTypeOf(result.outcome).toEqualTypeOf<'completed' | 'copied' | 'chunk'>();
  expectTypeOf(result.frames.changed).toEqualTypeOf<number>();
  expectTypeOf(result.frames.leftAlone.turned).toEqualTypeOf<number | undefined>();
  expectTypeOf(result.timing.totalSeconds).toEqualTypeOf<number>();
  expectTypeOf(faces.faces[0]!.ageYears).toEqualTypeOf<number | undefined>();
  // @ts-expect-error results are read-only
  result.width = 3;
}

export function narrowing(thrown: unknown): void {
  if (isAppError(thrown)) expectTypeOf(thrown.code).toEqualTypeOf<ErrorCode>();
}
