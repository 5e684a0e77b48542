/** What is remembered of a face that is followed: some 7 kB at most, however long it is seen. */
import type { Region } from '../../core/image.ts';
import { boundsOf } from '../../engine/faces/boxes.ts';
import type { Face } from '../../engine/faces/face.ts';
import type { TrackedFace } from '../../engine/faces/track.ts';
import type { ClusterItem } from './cluster.ts';
import { FacePath, SMALL_GAP } from './face-path.ts';
import type { FaceView } from './look-quality.ts';
import type { Moment } from './people.ts';

/** The best look: enough to cut the face out later. */
export interface BestLook extends Moment {
  readonly worth: number;
  readonly box: Region;
  readonly landmarks5: Float32Array;
}

/** A face that is followed, or a part of that: from one contact with another face to the next. */
export class Tracklet implements ClusterItem {
  readonly trackId: number;
  readonly first: Moment;
  /** Where the face is in the first frame. */
  readonly firstBox: Region;
  readonly conflicts = new Set<number>();
  /** Where it was; a new one where it was away in between. */
  readonly paths: FacePath[] = [];
  last: Moment;
  frames = 0;
  sizeSum = 0;
  looks = 0;
  /** Looks that were good enough to count. */
  goodLooks = 0;
  lastLookFrame = Number.NEGATIVE_INFINITY;
  weight = 0;
  ageSum = 0;
  /** Weight of looks that saw a woman. */
  femaleWeight = 0;
  best: BestLook | undefined;
  /** The largest `FaceView.worth` that was looked at. */
  bestView = 0;
  #embeddingSum: Float32Array | undefined;

  constructor(track: TrackedFace, moment: Moment) {
    this.trackId = track.trackId;
    this.first = moment;
    this.last = moment;
    this.firstBox = boundsOf(track.rawMesh);
  }

  see(moment: Moment, size: number, box: Region): void {
    const isBack = moment.frame - this.last.frame > SMALL_GAP;
    const path = isBack ? undefined : this.paths.at(-1);
    if (!path) this.paths.push(new FacePath());
    this.paths.at(-1)?.add(moment.frame, box);
    this.last = moment;
    this.frames++;
    this.sizeSum += size;
  }

  /** Counts a look. @param face with embedding, age and gender; @param worth above 0 */
  look(moment: Moment, face: Face, view: FaceView, worth: number): void {
    const { embedding, ageYears = 0, gender, box, landmarks5 } = face;
    this.looks++;
    if (view.isGood) this.goodLooks++;
    this.bestView = Math.max(this.bestView, view.worth);
    this.lastLookFrame = moment.frame;
    this.weight += worth;
    this.ageSum += worth * ageYears;
    if (gender === 'female') this.femaleWeight += worth;
    if (embedding) {
      this.#embeddingSum ??= new Float32Array(embedding.length);
      for (const [i, value] of embedding.entries()) this.#embeddingSum[i]! += worth * value;
    }
    if (!this.best || worth > this.best.worth) this.best = { ...moment, worth, box, landmarks5 };
  }

  get meanEmbedding(): Float32Array {
    return (this.#embeddingSum ?? new Float32Array(0)).map((value) => value / this.weight);
  }
}
