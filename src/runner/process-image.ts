/** A run on a photo. */
import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../core/abort.ts';
import type { RgbImage } from '../core/image.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import type { FaceAnalyser } from '../engine/faces/analyse.ts';
import { analysisNeededFor, referenceFaceOf, selectFaces } from '../engine/faces/select.ts';
import type { Note } from '../engine/processors/processor.ts';
import { openOutputFile } from '../media/output-file.ts';
import { readImage, textsOf } from '../media/read-image.ts';
import { runPhoto } from '../trust/run-photo.ts';
import type { StageClock } from '../trust/stage-clock.ts';
import { modelNotes } from './added-models.ts';
import { copyTarget } from './copy-target.ts';
import { landmarkerOf } from './detection-of.ts';
import { jobKey } from './job-key.ts';
import { planMemory } from './memory-plan.ts';
import { noFaceError, spoiltNotes } from './no-face.ts';
import { openEngine } from './open-engine.ts';
import { openGuard } from './open-guard.ts';
import { orderNotes } from './order-notes.ts';
import { choosePersonsInPhoto, type PhotoChoice } from './people/people-in-photo.ts';
import { allSourcePaths, planPersons } from './people/source-sets.ts';
import { givesAlpha, looksForFaces, type PreparedRun, worksWithoutFaces } from './prepare-run.ts';
import { auditOf, type ProcessResult } from './process-result.ts';
import type { RunContext } from './run-context.ts';

/** @throws MEMORY_LIMIT; TARGET_NO_FACE where no face was changed, unless `onNoFace` is `copy`; see `process` */
export async function processPreparedImage(
  prepared: PreparedRun,
  context: RunContext,
  clock: StageClock,
): Promise<ProcessResult> {
  const { options } = prepared;
  const { signal, onProgress } = context;
  // First, because a damaged photo is cheap to find.
  clock.enter('decode');
  const target = await readImage(options.targetPath);
  checkMemory(prepared, target.image);
  await using engine = await openEngine(prepared, context, clock, options.executionThreadCount);
  clock.enter('faces');
  throwIfAborted(signal);
  const { found, chosen } = await (!looksForFaces(prepared)
    ? { found: 0, chosen: [] }
    : options.map.length > 0
      ? choosePersonsInPhoto(target.image, engine.store, planPersons(options), landmarkerOf(options))
      : chooseInPhoto(target.image, engine.analyser, options));
  const faces = chosen.map(
    ({ mesh, meshScore, score, sourceSet, hasOwnLandmarks, landmarks5, landmarks68 }, trackId) => ({
      ...{ trackId, mesh, meshScore, score, sourceSet },
      ...(hasOwnLandmarks ? { landmarks5, landmarks68 } : {}),
    }),
  );

  await using output = await openOutputFile(options.outputPath, {
    force: options.force,
    inputs: [...allSourcePaths(options), options.targetPath],
  });
  const quality = options.outputImageQuality;
  const lent = { target, faces, output, quality, scale: options.outputImageScale, clock, signal, onProgress };
  const guard =
    faces.length === 0 && !worksWithoutFaces(prepared)
      ? undefined
      : await openGuard(prepared, engine, await jobKey(prepared, engine), textsOf(target.metadata));
  const run = guard && (await runPhoto({ ...lent, guard, chains: (await engine.createProcessorChains()).chains }));
  const facts = {
    kind: 'image',
    outputPath: options.outputPath,
    width: run?.width ?? target.image.width,
    height: run?.height ?? target.image.height,
    sources: engine.sources.used,
    models: engine.models(),
    providers: options.executionProviders,
  } as const;
  if (guard && run?.published) {
    const converted = target.notes.map((message) => ({ code: 'target-converted', message }));
    const notes = [
      ...orderNotes(options.processors),
      ...engine.notes(),
      ...converted,
      ...(isLaidOnWhite(prepared) ? [LAID_ON_WHITE] : []),
      ...modelNotes(facts.models),
      ...spoiltNotes(run.counts),
      ...guard.found.notes,
    ];
    return { ...facts, outcome: 'completed', frames: run.counts, notes, timing: clock.timing(), ...auditOf(guard) };
  }
  const failure = noFaceError(options, found, run?.counts);
  if (options.onNoFace === 'fail') throw failure;
  clock.enter('publish');
  const note = await copyTarget(options.targetPath, output, failure);
  return {
    ...facts,
    outcome: 'copied',
    frames: run?.counts ?? { total: 1, changed: 0, leftAlone: { 'no-face': 1 } },
    notes: [...orderNotes(options.processors), ...engine.notes(), note],
    timing: clock.timing(),
  };
}

/** Nothing can be given up for a photo: it fits or is refused. `lite` asks for less of what a photo does not have. @throws MEMORY_LIMIT */
function checkMemory({ options, added }: PreparedRun, { width, height }: RgbImage): void {
  planMemory({ ...options, lite: false }, { kind: 'image', width, height }, availableParallelism(), added.bytes);
}

const isLaidOnWhite = (prepared: PreparedRun): boolean =>
  prepared.target.kind === 'image' && prepared.target.outputFormat === 'jpg' && givesAlpha(prepared);

const LAID_ON_WHITE: Note = {
  code: 'laid-on-white',
  message: 'A JPEG cannot be transparent: what was removed is white.',
  hint: 'Write .png, .webp, .tiff or .avif to keep it transparent.',
};

/** The faces of a photo that the options ask for, and how many there are. */
async function chooseInPhoto(
  image: RgbImage,
  analyser: FaceAnalyser,
  options: ResolvedProcessOptions,
): Promise<PhotoChoice> {
  const faces = await analyser.analyse(image, analysisNeededFor(options));
  if (options.faceSelectorMode !== 'reference') return { found: faces.length, chosen: selectFaces(faces, options) };
  const reference = referenceFaceOf(faces, options);
  const chosen = reference ? selectFaces(faces, options, reference.embedding) : [];
  return { found: faces.length, chosen };
}
