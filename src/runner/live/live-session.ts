/** A live session in the process that does the work. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { AppError, toAppError } from '../../core/errors.ts';
import {
  LIVE_CHANGED,
  LIVE_HEADER_BYTES,
  LIVE_KIND,
  livePacketBytes,
  NO_SOURCE,
  parseLiveFrame,
  writeLiveHeader,
} from '../../core/live-frame.ts';
import { analysisNeededFor } from '../../engine/faces/select.ts';
import { PROCESSORS } from '../../engine/processors/registry.ts';
import { createFaceWork } from '../../trust/face-work.ts';
import type { FrameCounts } from '../../trust/frame-counts.ts';
import type { LiveKeeper } from '../../trust/keep-live.ts';
import { RECORDING_LIMITS } from '../../trust/live-recording.ts';
import { checkRun } from '../../trust/policy/check-run.ts';
import { readPolicy } from '../../trust/policy/read-policy.ts';
import { type CameraFrame, runLive, type ShownFrame } from '../../trust/run-live.ts';
import { StageClock } from '../../trust/stage-clock.ts';
import { checkModels } from '../check-models.ts';
import { createFaceChooser } from '../choose-in-video.ts';
import { openEngine } from '../open-engine.ts';
import { openGuard } from '../open-guard.ts';
import { findProcessors } from '../prepare-run.ts';
import { openTracker } from '../process-video.ts';
import { chooseProviders } from '../providers/choose-providers.ts';
import { readOptions } from '../read-preset.ts';
import { recordRefusals } from '../record-refusals.ts';
import type { RunContext } from '../run-context.ts';
import { sortSources } from '../sort-sources.ts';
import { type FromLive, type KeptKind, packNote, readNote, toLiveSchema } from './live-notes.ts';
import { createPacketReader, writePacket } from './packet-stream.ts';

/** What a live session did. */
export interface LiveResult {
  readonly frames: FrameCounts;
  /** From the first moment in which frames could come. */
  readonly seconds: number;
  /** What the invisible mark of every frame says. */
  readonly job: string;
}

/** Stands for the files that a session does not have. */
const CAMERA = 'camera';

/**
 * Works on frames that come through `context.frames` until the other end closes it.
 * @param given       options of the run, unparsed
 * @param sourceSets  photos of each person who may be put in, by path
 * @param folder      where files are kept that are asked for
 * @throws OPTION_INVALID, SOURCE_NO_FACE, CONTENT_BLOCKED, POLICY_FORBIDS; what a run throws
 */
export async function runLiveSession(
  given: object,
  sourceSets: readonly (readonly string[])[],
  folder: string,
  context: RunContext,
): Promise<LiveResult> {
  const { frames: stream, signal } = context;
  if (!stream) throw new AppError('INTERNAL', 'Expected a stream of frames, received none.');
  const clock = new StageClock();
  const prepared = await prepareLive(given, sourceSets);
  return recordRefusals(prepared, async () => {
    const { options } = prepared;
    await using engine = await openEngine(prepared, context, clock, 1);
    const tracker = await openTracker(engine, options, clock);
    const request = analysisNeededFor(options);
    const chooser = createFaceChooser(options, (frame, { rawMesh, meshScore, score }) =>
      engine.analyser.describe(frame, { mesh: rawMesh, score: meshScore }, score, { ...request, embedding: true }),
    );
    const faces = createFaceWork(await engine.createProcessorChains(), clock);
    if (faces.frameScale !== 1 || faces.givesAlpha) throw resizes();
    // No two sessions have the same frames: each has a mark of its own.
    const guard = await openGuard({ ...prepared, isLive: true }, engine, randomBytes(32).toString('hex'), []);
    let keeper: LiveKeeper | undefined;
    // Who is gone hears nothing.
    const say = (note: FromLive): Promise<void> => writePacket(stream, packNote(note)).catch(() => {});
    /** What is being kept: the session ends when it has been said what became of it. */
    const keeping: Promise<void>[] = [];
    const onNote = (packet: Uint8Array): void => {
      const { type } = readNote(packet, toLiveSchema);
      if (type === 'stop-recording') keeper?.stopRecording();
      else if (keeper) keeping.push(keep(type === 'snapshot' ? 'snapshot' : 'recording', keeper, say));
    };
    try {
      const { counts, seconds } = await runLive({
        ...{ guard, tracker, chooser, faces, clock, signal, folder },
        frames: cameraFrames(stream, sourceSets.length, signal, onNote),
        onReady(given) {
          keeper = given;
          void say({ type: 'ready', job: guard.payload.job });
        },
        show: (shown, frame) => writePacket(stream, toPacket(shown, frame)),
      });
      return { frames: counts, seconds, job: guard.payload.job };
    } finally {
      await Promise.all(keeping);
    }
  });
}

/** Keeps a file and says what became of it. */
async function keep(what: KeptKind, keeper: LiveKeeper, say: (note: FromLive) => Promise<void>): Promise<void> {
  const onBegun = (): void => void say({ type: 'recording', mostSeconds: RECORDING_LIMITS.seconds });
  try {
    const { path, auditEntry, credentials } = await (what === 'snapshot' ? keeper.snapshot() : keeper.record(onBegun));
    await say({ type: 'kept', what, path, credentials, ...(auditEntry === undefined ? {} : { auditEntry }) });
  } catch (error) {
    await say({ type: 'not-kept', what, error: toAppError(error).toJSON() });
  }
}

/** The checks of a run, without a target and an output. */
async function prepareLive(given: object, sourceSets: readonly (readonly string[])[]) {
  const [first = [], ...others] = sourceSets;
  const parsed = await readOptions({
    faceSelectorMode: 'many',
    ...given,
    sourcePaths: first,
    // One chain of processors each: a frame says whose turn it is.
    map: others.map((paths, at) => `person${at + 2}=${paths.map((path) => path.replaceAll(',', '\\,')).join(',')}`),
    ...{ targetPath: CAMERA, outputPath: CAMERA },
  });
  if (parsed.faceSelectorMode === 'reference') {
    throw new AppError('OPTION_INVALID', 'Expected one or many for face-selector-mode, received reference.', {
      hint: 'A camera has no frame that could be chosen beforehand.',
      details: { option: 'faceSelectorMode' },
    });
  }
  const installed = await readPolicy();
  checkRun(installed.policy, parsed);
  const processors = findProcessors(parsed, PROCESSORS);
  const listener = processors.find(({ needsAudio }) => needsAudio);
  if (listener) throw new AppError('OPTION_INVALID', `The processor ${listener.id} needs sound, which is not live.`);
  const added = await checkModels(parsed);
  for (const processor of processors) {
    processor.checkOptions?.(parsed, (id) => added.models.find((user) => user.id === id)?.model);
  }
  const { options } = await sortSources(parsed, processors);
  const executionProviders = [...(await chooseProviders(options))];
  return { options: { ...options, executionProviders }, processors, installed, added };
}

const resizes = (): AppError =>
  new AppError('OPTION_INVALID', 'Expected processors that leave a frame at its size and opaque.', {
    hint: 'Leave frame_enhancer and background_remover out of a live session.',
    details: { option: 'processors' },
  });

interface LiveCameraFrame extends CameraFrame {
  readonly sequence: number;
  readonly capturedAt: number;
}

/** Frames in order of their coming; those that wait are bounded by who sends them. Ends when the stream does. */
async function* cameraFrames(
  stream: Duplex,
  sets: number,
  signal: AbortSignal | undefined,
  onNote: (packet: Uint8Array) => void,
): AsyncGenerator<LiveCameraFrame> {
  const waiting: Uint8Array[] = [];
  let hasEnded = false;
  let wake = (): void => {};
  const read = createPacketReader((packet) => {
    if (packet[0] === LIVE_KIND.note) onNote(packet);
    else waiting.push(packet);
  });
  const onData = (bytes: Uint8Array): void => {
    read(bytes);
    wake();
  };
  const onEnd = (): void => {
    hasEnded = true;
    wake();
  };
  stream.on('data', onData).once('end', onEnd).once('close', onEnd).once('error', onEnd);
  signal?.addEventListener('abort', onEnd, { once: true });
  try {
    for (;;) {
      const packet = waiting.shift();
      if (packet) {
        const { mode, sequence, capturedAt, width, height, colour, data } = parseLiveFrame(packet);
        yield {
          picture: { data, width, height, colour },
          seconds: performance.now() / 1000,
          sourceSet: mode === NO_SOURCE || sets === 0 ? undefined : Math.min(mode, sets - 1),
          sequence,
          capturedAt,
        };
        continue;
      }
      if (hasEnded) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal?.removeEventListener('abort', onEnd);
    stream.off('data', onData);
  }
}

function toPacket({ picture, changed, faces }: ShownFrame, { sequence, capturedAt }: LiveCameraFrame): Uint8Array {
  const { width, height, colour, data } = picture;
  const packet = new Uint8Array(livePacketBytes(width, height));
  packet.set(data, LIVE_HEADER_BYTES);
  writeLiveHeader(packet, {
    ...{ width, height, colour, faces, sequence, capturedAt },
    mode: changed ? LIVE_CHANGED : 0,
  });
  return packet;
}
