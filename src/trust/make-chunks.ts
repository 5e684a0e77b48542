/** The frame loop of videos: reads, follows faces, processes and encodes, one chunk after another. */
import { throwIfAborted } from '../core/abort.ts';
import { AppError, isAppError } from '../core/errors.ts';
import { createTrackSteadier, type TrackSteadier } from '../engine/faces/steady-tracks.ts';
import { type ChunkWriter, openChunkWriter } from '../media/chunk-writer.ts';
import { openVideoReader, type VideoFrame } from '../media/video-reader.ts';
import { type ChunkFacts, type ChunkWork, rememberedBy, type Stretch, type StretchEnd } from './chunk-work.ts';
import { EndedTracks } from './ended-tracks.ts';
import type { ChosenFace } from './face-chooser.ts';
import { FrameCounter, type WorkedFrame } from './frame-counts.ts';
import { closePart } from './guard/part-findings.ts';
import type { PlannedChunk } from './plan-chunks.ts';
import { type Remembering, restoreStates, saveStates } from './saved-state.ts';
import { afterEachFrame, onOriginal } from './steps.ts';
import { WriteAhead } from './write-ahead.ts';

/**
 * Frames before a chunk that are worked on, but not written, where the state after the chunk before is not at hand:
 * averages over time have settled by then.
 */
export const WARM_UP_FRAMES = 24;
/** Frame buffers beyond the look-ahead of the tracker: one frame is worked on, one is on its way to the encoder. */
const FRAMES_IN_WORK = 2;
/** Two time stamps no further apart are those of one frame. */
const SAME_TIME_SECONDS = 1e-4;

/**
 * Makes chunks, each of which counts as soon as it is committed to the folder.
 * @throws CANCELLED, OUTPUT_FAILED, FFMPEG_FAILED and what a model or a processor throws; whole chunks stay
 */
export async function makeChunks(work: ChunkWork, stretch: Stretch): Promise<StretchEnd> {
  await using maker = new ChunkMaker(work, stretch);
  return await maker.run();
}

/** Where a stretch begins to read. */
interface Beginning {
  readonly readFrom: number;
  /** Frames from there on that the tracker has seen before the state was saved. */
  readonly trackedFrames: number;
  /** When the frame before `readFrom` is shown, where that is known. */
  readonly secondsBefore?: number;
}

interface FrameInWork {
  readonly frame: VideoFrame;
  /** Times at which the frame before is shown again, and those of this one. */
  readonly before: readonly number[];
  readonly at: readonly number[];
  /** Absent where the frame is not shown. */
  readonly work: Promise<WorkedFrame> | undefined;
  readonly isChosen: boolean;
}

class ChunkMaker implements AsyncDisposable {
  readonly #work: ChunkWork;
  readonly #stretch: Stretch;
  readonly #steadier: TrackSteadier<ChosenFace>;
  readonly #ahead = new WriteAhead<() => Promise<void>>((write) => write());
  /** Tracks that ended for the tracker and the chooser, and for the processors, who come later. */
  readonly #endedForTracker = new EndedTracks();
  readonly #endedForProcessors = new EndedTracks();
  readonly #state: Readonly<Record<string, Remembering>>;
  /** Frames that the tracker has seen and the processors have not. */
  readonly #tracked: VideoFrame[] = [];
  /** How many they were when the state that was taken up was saved. */
  #trackedBefore = 0;
  /** The chunk that is being made; undefined when all of the stretch are done. */
  #chunk: PlannedChunk | undefined;
  /** Frames that the processors have been given, in order. */
  readonly #inWork: FrameInWork[] = [];
  #counter = new FrameCounter();
  #mostFaces = 0;
  #chosen = false;
  #writer: ChunkWriter | undefined;
  #lastShownSeconds = 0;
  #lastReadSeconds = 0;
  /** The last written frame of this chunk, kept where the frame rate is changed and it may be shown again. */
  #last: VideoFrame | undefined;
  #finishing: Promise<void> = Promise.resolve();

  constructor(work: ChunkWork, stretch: Stretch) {
    this.#work = work;
    this.#stretch = stretch;
    this.#chunk = stretch.plan.chunk(stretch.first);
    this.#steadier = createTrackSteadier<ChosenFace>({ lookAhead: work.lookAhead });
    this.#state = {
      ...rememberedBy(work),
      steadier: this.#steadier,
      endedForTracker: this.#endedForTracker,
      endedForProcessors: this.#endedForProcessors,
      tracked: {
        save: () => this.#tracked.length,
        restore: (count) => {
          this.#trackedBefore = count as number;
        },
      },
    };
  }

  async run(): Promise<StretchEnd> {
    const { clock, folder, trusted } = this.#work;
    // Looks before the first frame are those of every run.
    closePart(trusted.guard.found);
    const beginning = await this.#begin();
    let toTrack = beginning.trackedFrames;
    let endFrame = beginning.readFrom;
    let truncated: AppError | undefined;
    clock.enter('decode');
    try {
      for await (const frame of this.#read(beginning)) {
        endFrame = frame.index + 1;
        if (toTrack > 0) {
          toTrack--;
          this.#tracked.push(frame);
        } else {
          await this.#track(frame);
        }
        if (!this.#chunk) break;
        clock.enter('decode');
      }
    } catch (error) {
      if (!isAppError(error) || error.code !== 'VIDEO_TRUNCATED') throw error;
      truncated = error;
    }
    if (this.#chunk) {
      for (const { faces } of this.#steadier.flush()) await this.#process(faces);
      await this.#complete(0);
      // The plan may have expected more frames than there are.
      if (this.#chunk && endFrame > this.#chunk.startFrame) {
        await this.#repeatLast();
        await this.#finishChunk(endFrame);
      }
      await this.#finishing;
      await folder.commitEnd(endFrame);
      return { endFrame, ...(truncated ? { truncated } : {}) };
    }
    await this.#finishing;
    return {};
  }

  /** Takes up the state after the chunk before, or plans a warm-up. */
  async #begin(): Promise<Beginning> {
    const { folder, startFrame } = this.#work;
    const first = this.#chunk;
    await restoreStates(rememberedBy(this.#work), this.#stretch.blank);
    if (!first || first.startFrame === startFrame) return { readFrom: startFrame, trackedFrames: 0 };
    const before = folder.chunks.get(first.index - 1);
    const state = before && (await folder.readState(before.index));
    if (!state) return { readFrom: Math.max(startFrame, first.startFrame - WARM_UP_FRAMES), trackedFrames: 0 };
    await restoreStates(this.#state, state);
    return {
      readFrom: first.startFrame,
      trackedFrames: this.#trackedBefore,
      secondsBefore: before.lastReadSeconds,
    };
  }

  /**
   * Reads from a frame on. Where the time of the frame before is known, it is read as well and compared: containers
   * whose packets are not frames, or whose index misleads, are then decoded from their start.
   */
  async *#read({ readFrom, secondsBefore }: Beginning): AsyncGenerator<VideoFrame, void, void> {
    const { targetPath, info, lookAhead, readAhead, faces, signal } = this.#work;
    // The tracker needs to see what comes behind the last chunk.
    const limit = Math.min(this.#work.endFrame ?? Number.POSITIVE_INFINITY, this.#stretchEnd() + lookAhead);
    const endFrame = Number.isFinite(limit) ? limit : undefined;
    const options = { endFrame, lookAhead: lookAhead + faces.depth + FRAMES_IN_WORK, readAhead, signal };
    if (secondsBefore === undefined) {
      await using reader = openVideoReader(targetPath, info, { ...options, startFrame: readFrom });
      yield* reader;
      return;
    }
    for (const seek of [true, false]) {
      await using reader = openVideoReader(targetPath, info, { ...options, startFrame: readFrom - 1, seek });
      let isRight: boolean | undefined;
      for await (const frame of reader) {
        if (isRight) {
          yield frame;
          continue;
        }
        isRight = Math.abs(frame.ptsSeconds - secondsBefore) < SAME_TIME_SECONDS;
        frame.release();
        if (!isRight) break;
      }
      if (isRight) return;
    }
    throw new AppError('RESUME_MISMATCH', `The target has another frame ${readFrom - 1} than when the run began.`, {
      hint: 'Remove the .chunks folder beside the output and begin anew.',
    });
  }

  /** Frame before which the stretch ends, where it ends before the target. */
  #stretchEnd(): number {
    const { plan, first, onlyOne } = this.#stretch;
    if (onlyOne) return plan.chunk(first)?.endFrame ?? first;
    const done = [...this.#work.folder.chunks.keys()].filter((index) => index > first);
    return done.length === 0 ? Number.POSITIVE_INFINITY : (plan.chunk(Math.min(...done))?.startFrame ?? first);
  }

  /** The chunk after this one, unless the stretch ends here. */
  #next({ index }: PlannedChunk): PlannedChunk | undefined {
    const { plan, onlyOne } = this.#stretch;
    return onlyOne || this.#work.folder.chunks.has(index + 1) ? undefined : plan.chunk(index + 1);
  }

  async #track(frame: VideoFrame): Promise<void> {
    const { tracker, chooser, clock, faces } = this.#work;
    clock.enter('track');
    const tracks = await tracker.update(frame, frame.ptsSeconds);
    this.#mostFaces = Math.max(this.#mostFaces, tracks.length);
    const chosen = await chooser.choose(frame, tracks);
    const place = { frameIndex: frame.index, timeSeconds: frame.ptsSeconds, isCut: tracker.lastWasCut };
    await onOriginal(frame, chosen, place, this.#work.trusted);
    clock.enter('track');
    for (const trackId of this.#endedForTracker.update(frame.ptsSeconds, tracks)) chooser.forget(trackId);
    this.#tracked.push(frame);
    const { index, ptsSeconds: timeSeconds } = frame;
    for (const steady of this.#steadier.push({ index, timeSeconds, isCut: tracker.lastWasCut, faces: chosen })) {
      await this.#process(steady.faces);
      for (const trackId of this.#endedForProcessors.update(timeSeconds, steady.faces)) faces.forget(trackId);
    }
  }

  /** Gives the frame that has waited longest to the processors. */
  async #process(chosen: readonly ChosenFace[]): Promise<void> {
    const { faces, clock, rate } = this.#work;
    const frame = this.#tracked.shift();
    if (!frame || !this.#chunk) return;
    const { before, at } = rate.place(frame.ptsSeconds, frame.index > this.#chunk.startFrame);
    clock.enter('process');
    const time = { frameIndex: frame.index, timeSeconds: frame.ptsSeconds, isStill: false };
    // A frame that the new rate drops would only cost time.
    const work = at.length > 0 ? faces.process(frame, chosen, time) : undefined;
    // Kept until it is awaited in its turn.
    work?.catch(() => {});
    this.#inWork.push({ frame, before, at, work, isChosen: chosen.length > 0 });
    const isLast = frame.index + 1 === this.#chunk.endFrame;
    await this.#complete(isLast ? 0 : faces.depth);
    if (isLast) await this.#finishChunk(frame.index + 1);
  }

  /** Sends frames that are done to the encoder until no more than `left` are in work. */
  async #complete(left: number): Promise<void> {
    const { clock, signal, trusted } = this.#work;
    while (this.#inWork.length > left) {
      const { frame: read, before, at, work, isChosen } = this.#inWork.shift()!;
      clock.enter('process');
      const worked = await work;
      const frame: VideoFrame = worked?.replacement ? { ...read, ...worked.replacement } : read;
      throwIfAborted(signal);
      if (frame.index < this.#chunk!.startFrame) {
        frame.release();
        continue;
      }
      if (worked) {
        this.#counter.add(worked.tally);
        this.#chosen ||= isChosen;
        const place = { frameIndex: frame.index, timeSeconds: frame.ptsSeconds, isCut: false };
        await afterEachFrame(frame, place, trusted);
      }
      clock.enter('encode');
      await this.#write(frame, before, at);
      this.#lastReadSeconds = frame.ptsSeconds;
      this.#work.onFrame();
    }
  }

  async #write(frame: VideoFrame, before: readonly number[], at: readonly number[]): Promise<void> {
    const { folder, encoding, keepsLast, encodersAtOnce } = this.#work;
    if (before.length + at.length === 0) {
      frame.release();
      return;
    }
    if (!this.#writer && encodersAtOnce === 1) await this.#finishing;
    this.#writer ??= openChunkWriter(folder.chunkPath(this.#chunk!.index), encoding);
    const [writer, last] = [this.#writer, this.#last];
    this.#last = keepsLast ? copyOf(frame) : undefined;
    this.#lastShownSeconds = at.at(-1) ?? before.at(-1)!;
    await this.#ahead.push(async () => {
      for (const ptsSeconds of before) await writer.write({ ...last!, ptsSeconds });
      for (const ptsSeconds of at) await writer.write({ ...frame, ptsSeconds });
      frame.release();
    });
  }

  /** At another frame rate, shows the last frame until the target ends. */
  async #repeatLast(): Promise<void> {
    const { rate, info } = this.#work;
    const [writer, last] = [this.#writer, this.#last];
    if (!writer || !last) return;
    const times = rate.end(this.#lastReadSeconds + 1 / info.fps);
    this.#lastShownSeconds = times.at(-1) ?? this.#lastShownSeconds;
    await this.#ahead.push(async () => {
      for (const ptsSeconds of times) await writer.write({ ...last, ptsSeconds });
    });
  }

  /**
   * Ends a chunk. The encoder completes its file while the next chunk is being made; a chunk counts when the one after
   * it is half made at the latest.
   */
  async #finishChunk(endFrame: number): Promise<void> {
    const { clock, folder } = this.#work;
    const { index, startFrame } = this.#chunk!;
    clock.enter('encode');
    await this.#ahead.settle();
    const writer = this.#writer;
    const facts: ChunkFacts = {
      ...{ counts: this.#counter.counts, mostFaces: this.#mostFaces, chosen: this.#chosen },
      findings: closePart(this.#work.trusted.guard.found),
    };
    const record = { index, startFrame, endFrame, lastReadSeconds: this.#lastReadSeconds, facts: { ...facts } };
    const lastSeconds = this.#lastShownSeconds;
    const state = await saveStates(this.#state);
    this.#chunk = this.#next(this.#chunk!);
    this.#writer = undefined;
    this.#last = undefined;
    this.#counter = new FrameCounter();
    this.#mostFaces = 0;
    this.#chosen = false;
    try {
      await this.#finishing;
    } catch (error) {
      // Nobody else knows this encoder any more.
      await writer?.abandon();
      throw error;
    }
    const finish = async (): Promise<void> => {
      const { frames, firstSeconds, bytes } = (await writer?.finish()) ?? {
        frames: 0,
        firstSeconds: lastSeconds,
        bytes: 0,
      };
      await folder.commit({ ...record, frames, firstSeconds, lastSeconds, bytes }, state);
    };
    this.#finishing = finish();
    // Awaited before the next chunk ends; until then nobody listens.
    this.#finishing.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A failure among these is not the first one, which is on its way already.
    await Promise.allSettled(this.#inWork.map(({ work }) => work));
    await this.#ahead.idle();
    await this.#writer?.abandon();
    await this.#finishing.catch(() => {});
  }
}

const copyOf = (frame: VideoFrame): VideoFrame => ({
  ...frame,
  data: frame.data.slice(),
  ...(frame.deep ? { deep: frame.deep.slice() } : {}),
  ...(frame.alpha ? { alpha: frame.alpha.slice() } : {}),
  release() {},
});
