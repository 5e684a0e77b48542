import type { Stateful } from '../core/stateful.ts';
import type { TrackedFace } from '../engine/faces/track.ts';
import type { VideoFrame } from '../media/video-reader.ts';

/** A followed face that is worked on. */
export interface ChosenFace extends TrackedFace {
  /** Index of the run's set of sources that serves it; without it, the first. */
  readonly sourceSet?: number;
}

/** Decides which of the followed faces of a video are worked on, and with which sources. */
export interface FaceChooser extends Stateful {
  /** @param frame as it was decoded, lent; @param tracks all faces that are followed in it */
  choose(frame: VideoFrame, tracks: readonly TrackedFace[]): Promise<readonly ChosenFace[]>;
  /** Drops what is remembered of a track that ended. */
  forget(trackId: number): void;
}
