/** Who works on the faces of a video's frames: this thread, or others. */
import type { I420Frame } from '../core/image.ts';
import { type StageTimer, UNTIMED } from '../core/stage-timer.ts';
import type { FrameTime } from '../engine/processors/processor.ts';
import type { ChosenFace } from './face-chooser.ts';
import type { WorkedFrame } from './frame-counts.ts';
import { PicturePass, type ProcessorChains } from './picture-pass.ts';
import { inOrder, type Remembering } from './saved-state.ts';

/**
 * Takes frames in order. What a processor remembers of a face depends on the frames before, so that every face meets its
 * processors in the order of the frames, however many threads there are.
 */
export interface FaceWork extends Remembering {
  /** Frames that may be in work at once, beyond the one just given. */
  readonly depth: number;
  /** Ids of the processors, in order. */
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

/** Works in the calling thread. @param chains lent */
export function createFaceWork(chains: ProcessorChains, timer: StageTimer = UNTIMED): FaceWork {
  const all = chains.flat();
  const state = inOrder(all);
  const pass = new PicturePass(chains, timer);
  return {
    depth: 0,
    frameScale: (chains[0] ?? []).reduce((scale, one) => scale * (one.kind === 'frame' ? one.scale : 1), 1),
    givesAlpha: (chains[0] ?? []).some((one) => one.kind === 'frame' && one.givesAlpha),
    processors: (chains[0] ?? []).map(({ id }) => id),
    async process(frame, faces, time) {
      const { tally, picture, alpha } = await pass.run(frame, faces, time);
      return picture === frame && !alpha ? { tally } : { tally, replacement: { ...picture, alpha } };
    },
    forget(trackId) {
      for (const processor of all) processor.forget(trackId);
    },
    save: async () => state.save(),
    restore: (saved) => state.restore(saved),
  };
}
