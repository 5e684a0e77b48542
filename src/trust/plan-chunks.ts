/** Cuts a video into chunks that can be made, kept and repeated one by one. */

export interface ChunkPlanRequest {
  /** First frame to make. */
  readonly startFrame: number;
  /** Frame before which to stop; absent where nobody knows how many there are. */
  readonly endFrame?: number | undefined;
  /** True where the target may go on behind `endFrame`, which then says where the last chunk begins to be the last. */
  readonly openEnd?: boolean;
  /** Frames of a chunk, about. */
  readonly chunkSize: number;
  /** For each frame of the video, 1 where it can be decoded by itself. Empty where that is unknown. */
  readonly isKey: ArrayLike<number>;
}

/** One chunk of a plan: frames `[startFrame, endFrame)`. */
export interface PlannedChunk {
  readonly index: number;
  readonly startFrame: number;
  /** `Infinity` for a last chunk with an open end. */
  readonly endFrame: number;
}

/** How far a border may move to meet a key frame, in chunk sizes. Borders that move by less than half cannot meet. */
const REACH = 0.25;

/**
 * Borders stand every `chunkSize` frames, each moved to the nearest key frame within a quarter of that, since reading
 * can begin there without decoding anything before. The same request gives the same plan, on any machine.
 * @yields chunks in order, at least one; without end where `endFrame` is absent
 */
export function* planChunks(request: ChunkPlanRequest): Generator<PlannedChunk, void, void> {
  const { startFrame, endFrame = Number.POSITIVE_INFINITY, chunkSize } = request;
  let start = startFrame;
  for (let index = 0; ; index++) {
    const border = nearestKey(request.isKey, startFrame + (index + 1) * chunkSize, Math.floor(chunkSize * REACH));
    // A rest that is too short for a chunk of its own stays with the last one.
    const isLast = border + chunkSize * REACH >= endFrame;
    yield {
      index,
      startFrame: start,
      endFrame: !isLast ? border : request.openEnd ? Number.POSITIVE_INFINITY : endFrame,
    };
    if (isLast) return;
    start = border;
  }
}

/** The key frame nearest to `frame`, the earlier of two; `frame` itself where none is within reach. */
function nearestKey(isKey: ArrayLike<number>, frame: number, reach: number): number {
  for (let distance = 0; distance <= reach; distance++) {
    if (isKey[frame - distance]) return frame - distance;
    if (isKey[frame + distance]) return frame + distance;
  }
  return frame;
}

/** A plan by number. */
export interface ChunkPlan {
  /** @returns undefined behind the last chunk */
  chunk(index: number): PlannedChunk | undefined;
}

/** Makes a plan of which as much is worked out as is asked for. */
export function createChunkPlan(request: ChunkPlanRequest): ChunkPlan {
  const rest = planChunks(request);
  const known: PlannedChunk[] = [];
  return {
    chunk(index) {
      while (known.length <= index) {
        const next = rest.next();
        if (next.done) return undefined;
        known.push(next.value);
      }
      return known[index];
    },
  };
}
