/** Models, sources and processors of a run: everything between the checks and the target's first pixel. */
import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../core/abort.ts';
import { silentLogger } from '../core/logger.ts';
import { createFaceAnalyser, type FaceAnalyser } from '../engine/faces/analyse.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from '../engine/inference/session.ts';
import { userModelFolder } from '../engine/models/user-models.ts';
import type { Note, Processor } from '../engine/processors/processor.ts';
import type { RunChains } from '../trust/picture-pass.ts';
import type { StageClock } from '../trust/stage-clock.ts';
import { createChains } from './create-chains.ts';
import { detectionOf, landmarkerOf, recognitionNotes, recognitionOf } from './detection-of.ts';
import { sourceSetsOf } from './people/source-sets.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { UsedModel } from './process-result.ts';
import { executionOf } from './providers/execution-of.ts';
import { readAudio, readSourceSets, type Sources } from './read-sources.ts';
import type { RunContext } from './run-context.ts';
import { createSourceMemory } from './source-memory.ts';

/** What a run works with. The creator disposes it, and with it every model session and processor. */
export interface RunEngine extends AsyncDisposable {
  readonly store: ModelStore;
  readonly analyser: FaceAnalyser;
  readonly sources: Sources;
  /**
   * Makes the processors of the run and of its ranges, in the order in which they run, for every set of sources (once
   * where no processor needs any); to be called once. Some take seconds to study the sources, so this waits until there
   * is a face to work on.
   * @throws CANCELLED, and what a processor throws
   */
  createProcessorChains(): Promise<RunChains>;
  /** What has been noticed about the sources so far. */
  notes(): readonly Note[];
  /** The model files that have been loaded so far. */
  models(): readonly UsedModel[];
}

/**
 * Opens the models and reads the sources.
 * @param prepared with how much of the sound there is a picture for; absent: for all
 * @param intraOpThreads threads inside ONNX Runtime; more than one takes cores from ffmpeg
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH, MODEL_UNREADABLE, PROVIDER_UNAVAILABLE, SOURCE_NO_FACE,
 *   what reading a photo throws, CANCELLED; then everything that was opened is closed again
 */
export async function openEngine(
  prepared: Pick<PreparedRun, 'options' | 'processors' | 'sound'> & { readonly soundSeconds?: number },
  context: RunContext,
  clock: StageClock,
  intraOpThreads = 1,
): Promise<RunEngine> {
  const { options, processors: definitions, sound } = prepared;
  const { signal, logger = silentLogger } = context;
  clock.enter('models');
  throwIfAborted(signal);
  const store = await openModelStore({
    directory: context.modelDirectory ?? defaultModelDirectory(),
    intraOpThreads,
    userThreads: options.executionThreadCount ?? availableParallelism(),
    userFolder: userModelFolder(options.modelFolder),
    licensePolicy: options.licensePolicy,
    execution: executionOf(options),
    sessions: context.sessions,
    logger,
  });
  /** In the order in which they were made. */
  const made: Processor[] = [];
  // Processors may use sessions of the store until they are gone.
  const close = async (): Promise<void> => {
    for (const processor of made.toReversed()) await processor[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
  };
  try {
    const minimumScore = options.faceDetectorScore;
    const finding = { minimumScore, ...detectionOf(options), landmarker: landmarkerOf(options) };
    const analyser = await createFaceAnalyser(store, { ...finding, ...recognitionOf(options) });
    // Files of models that the user has added may be replaced under the same name.
    const isOwn = finding.detector === undefined && finding.landmarker === undefined;
    const memory = context.sessions && isOwn ? createSourceMemory(store, finding) : undefined;
    clock.enter('sources');
    // A map has a chain for each person, whether or not its processors look at photos.
    const hasSets = options.map.length > 0 || definitions.some((definition) => definition.needsSource);
    const sources = await readSourceSets(hasSets ? sourceSetsOf(options) : [[]], analyser, signal, memory);
    const audio = sound && (await readAudio(sound, prepared.soundSeconds, signal));
    const createProcessorChains = (): Promise<RunChains> => {
      clock.enter('sources');
      return createChains(options, definitions, sources.sets.length, async (definition, own, set) => {
        throwIfAborted(signal);
        const photos = sources.sets[set]!;
        const one = await definition.create({ store, options: own, sources: photos, audio, logger, timer: clock });
        made.push(one);
        return one;
      });
    };
    return {
      store,
      analyser,
      sources,
      createProcessorChains,
      notes: () => [...recognitionNotes(options), ...sources.notes, ...made.flatMap((processor) => processor.notes)],
      models: () => store.opened(),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
