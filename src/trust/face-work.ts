/** Who works on the faces of a video's frames: this thread, or others. */
import type { I420Frame } from '../core/image.ts';
import { type StageTimer, UNTIMED } from '../core/stage-timer.ts';
import type { FrameTime, Processor } from '../engine/processors/processor.ts';
import type { ChosenFace } from './face-chooser.ts';
import type { WorkedFrame } from './frame-counts.ts';
import { firstChain, PicturePass, type ProcessorChains, type RunChains } from './picture-pass.ts';
import { inOrder, type Remembering } from './saved-state.ts';

/**
 * Takes frames in order. What a processor remembers of a face depends on the frames before, so that every face meets its
 * processors in the order of the frames, however many threads there are.
 */
export interface FaceWork extends Remembering {
  /** Frames that may be in work at once, beyond the one just given. */
  readonly depth: number;
  /** Ids of the processors, in order, those of all ranges included. */
  readonly processors: readonly string[];
  /** Factor by which frames grow. */
  readonly frameScale: number;
  /** True where frames become transparent. */
  readonly givesAlpha: boolean;
  /** Works on a frame, in place where it can. The frame is lent until the promise settles. */
  process(frame: I420Frame, faces: readonly ChosenFace[], time: FrameTime): Promise<WorkedFrame>;
  /** Drops what is remembered of a track, after the frames that have been given. */
  forget(trackId: number): void;
  /** To be called when no frame is in work; so is `restore`. */
  save(): Promise<unknown>;
}

/** Works in the calling thread. @param run lent */
export function createFaceWork(run: RunChains, timer: StageTimer = UNTIMED): FaceWork {
  return new LocalFaceWork(run, timer);
}

/** Frames with the same processors. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly all: ReadonlySet<Processor>;
  readonly pass: PicturePass;
}

class LocalFaceWork implements FaceWork {
  readonly depth = 0;
  readonly frameScale: number;
  readonly givesAlpha: boolean;
  readonly processors: readonly string[];
  readonly #whole: Part;
  readonly #ranges: readonly Part[];
  readonly #all: readonly Processor[];
  readonly #state: Remembering;
  /** Start of the range in which the last frame was; -1 outside of all. */
  #place = -1;
  /** Tracks that some processor may remember. */
  #tracks = new Set<number>();

  constructor({ chains, ranges }: RunChains, timer: StageTimer) {
    const toPart = (of: ProcessorChains, start: number, end: number): Part => {
      const all = new Set(of.flatMap((chain) => chain ?? []));
      return { start, end, all, pass: new PicturePass(of, timer) };
    };
    this.#whole = toPart(chains, -1, Number.POSITIVE_INFINITY);
    this.#ranges = ranges.map((range) => toPart(range.chains, range.start, range.end));
    this.#all = [...new Set([this.#whole, ...this.#ranges].flatMap(({ all }) => [...all]))];
    this.#state = inOrder(this.#all);
    const frames = firstChain(chains).filter((one) => one.kind === 'frame');
    this.frameScale = frames.reduce((scale, one) => scale * one.scale, 1);
    this.givesAlpha = frames.some((one) => one.givesAlpha);
    this.processors = [
      ...new Set([chains, ...ranges.map((range) => range.chains)].flatMap(firstChain).map(({ id }) => id)),
    ];
  }

  async process(frame: I420Frame, faces: readonly ChosenFace[], time: FrameTime): Promise<WorkedFrame> {
    const part = this.#enter(time.frameIndex);
    for (const { trackId } of faces) this.#tracks.add(trackId);
    const { tally, picture, alpha } = await part.pass.run(frame, faces, time);
    return picture === frame && !alpha ? { tally } : { tally, replacement: { ...picture, alpha } };
  }

  /** A processor that did not see the frames before knows nothing of them: what it remembers is of long ago. */
  #enter(frameIndex: number): Part {
    const before = this.#partOf(this.#place);
    const part = this.#ranges.find(({ start, end }) => frameIndex >= start && frameIndex < end) ?? this.#whole;
    if (part === before) return part;
    this.#place = part.start;
    for (const processor of part.all) {
      if (before.all.has(processor)) continue;
      for (const trackId of this.#tracks) processor.forget(trackId);
    }
    return part;
  }

  #partOf(place: number): Part {
    return this.#ranges.find(({ start }) => start === place) ?? this.#whole;
  }

  forget(trackId: number): void {
    this.#tracks.delete(trackId);
    for (const processor of this.#all) processor.forget(trackId);
  }

  async save(): Promise<unknown> {
    return { place: this.#place, tracks: [...this.#tracks], processors: this.#state.save() };
  }

  async restore(saved: unknown): Promise<void> {
    const { place, tracks, processors } = saved as Saved;
    this.#place = place;
    this.#tracks = new Set(tracks);
    await this.#state.restore(processors);
  }
}

/** Written by the same program. */
interface Saved {
  readonly place: number;
  readonly tracks: readonly number[];
  readonly processors: unknown;
}
