/** Watches the faces of a video go by, and says at the end who they are. */
import { isAppError } from '../../core/errors.ts';
import { boundsOf } from '../../engine/faces/boxes.ts';
import type { Face } from '../../engine/faces/face.ts';
import { EQUAL_ERROR_COSINE, similarity } from '../../engine/faces/recognise.ts';
import type { TrackedFace } from '../../engine/faces/track.ts';
import type { VideoFrame } from '../../media/video-reader.ts';
import { findContacts } from './contacts.ts';
import { type FaceView, sharpnessOf, viewOf } from './look-quality.ts';
import type { Moment } from './people.ts';
import { Tracklet } from './tracklet.ts';

/** Finds identity, age and gender of a followed face. @throws FACE_DEGENERATE where the mesh allows no answer */
export type FullLook = (frame: VideoFrame, track: TrackedFace) => Promise<Face>;

/** Frames from one look to the next, by how many there were; then the last. The first is at the first good view. */
const LOOK_EVERY = [8, 16, 32, 64] as const;
/** A view so much better than the best look is worth another look, this many frames after the last one. */
const MUCH_BETTER = 1.25;
const BETTER_AFTER_FRAMES = 4;
/** A face that has not been seen well for so many frames is looked at as it is. */
const PATIENCE_FRAMES = 12;
/** Blur, and a view from the side, still count for something: an unclear face may be all there is of a person. */
const LEAST_WORTH = 0.01;

/** Collects tracklets; memory grows with their number, not with the length of the video. */
export class PeopleSurvey {
  readonly #look: FullLook;
  readonly #tracklets: Tracklet[] = [];
  /** Index of the tracklet that each track is in. */
  readonly #current = new Map<number, number>();
  /** Tracks that touched another face in the last frame that showed them. */
  readonly #touching = new Set<number>();
  #frames = 0;

  constructor(look: FullLook) {
    this.#look = look;
  }

  /** Frames so far. */
  get frames(): number {
    return this.#frames;
  }

  /** All tracklets so far, in the order in which they began. */
  get tracklets(): readonly Tracklet[] {
    return this.#tracklets;
  }

  /** Takes the next frame. @param tracks all faces that are followed in it */
  async observe(frame: VideoFrame, tracks: readonly TrackedFace[]): Promise<void> {
    this.#frames++;
    const moment: Moment = { frame: frame.index, seconds: frame.ptsSeconds };
    const boxes = tracks.map(({ rawMesh }) => boundsOf(rawMesh));
    const contacts = findContacts(boxes);
    const visible: number[] = [];
    for (const [i, track] of tracks.entries()) {
      const isTouching = contacts[i]!;
      const view = viewIfAny(frame, track);
      // Only a new tracklet is safe after a contact: the track may have changed over. Clustering joins it again.
      if (!isTouching && this.#touching.delete(track.trackId)) this.#current.delete(track.trackId);
      if (isTouching) this.#touching.add(track.trackId);
      let index = this.#current.get(track.trackId) ?? this.#begin(track, moment);
      if (view && isDue(this.#tracklets[index]!, moment, view, isTouching)) {
        index = await this.#lookAt(frame, moment, track, view, index);
      }
      this.#tracklets[index]!.see(moment, view?.size ?? 0, boxes[i]!);
      visible.push(index);
    }
    for (const index of visible) {
      for (const other of visible) if (other !== index) this.#tracklets[index]!.conflicts.add(other);
    }
  }

  #begin(track: TrackedFace, moment: Moment): number {
    const index = this.#tracklets.push(new Tracklet(track, moment)) - 1;
    this.#current.set(track.trackId, index);
    return index;
  }

  /** @returns index of the tracklet that the face belongs to: a new one where somebody else has taken the track over */
  async #lookAt(frame: VideoFrame, moment: Moment, track: TrackedFace, view: FaceView, index: number): Promise<number> {
    const face = await lookIfPossible(this.#look, frame, track);
    if (!face) return index;
    const tracklet = this.#tracklets[index]!;
    const isOther =
      view.isGood &&
      tracklet.goodLooks > 0 &&
      similarity(face.embedding!, tracklet.meanEmbedding) < EQUAL_ERROR_COSINE.face_recognition;
    const own = isOther ? this.#begin(track, moment) : index;
    const worth = Math.max(LEAST_WORTH, view.worth * sharpnessOf(frame, track));
    this.#tracklets[own]!.look(moment, face, view, worth);
    return own;
  }
}

function isDue(tracklet: Tracklet, { frame }: Moment, view: FaceView, isTouching: boolean): boolean {
  const since = frame - tracklet.lastLookFrame;
  const isClear = view.isGood && !isTouching;
  // The tracker knows a face that comes back by its place alone.
  if (isClear && tracklet.last.frame < frame - 1) return true;
  if (tracklet.looks === 0) return isClear || frame - tracklet.first.frame >= PATIENCE_FRAMES;
  if (!isClear) return false;
  if (tracklet.goodLooks === 0) return since >= BETTER_AFTER_FRAMES;
  if (since >= LOOK_EVERY[Math.min(tracklet.looks, LOOK_EVERY.length) - 1]!) return true;
  return since >= BETTER_AFTER_FRAMES && view.worth > MUCH_BETTER * tracklet.bestView;
}

/** One crumpled mesh is no reason to end; a later frame will do. */
function viewIfAny(frame: VideoFrame, track: TrackedFace): FaceView | undefined {
  try {
    return viewOf(frame, track);
  } catch (error) {
    if (isAppError(error) && error.code === 'FACE_DEGENERATE') return undefined;
    throw error;
  }
}

async function lookIfPossible(look: FullLook, frame: VideoFrame, track: TrackedFace): Promise<Face | undefined> {
  try {
    return await look(frame, track);
  } catch (error) {
    if (isAppError(error) && error.code === 'FACE_DEGENERATE') return undefined;
    throw error;
  }
}
