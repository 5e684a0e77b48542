/** Cuts a video into chunks that can be made, kept and repeated one by one. */

export interface ChunkPlanRequest {
  /** First frame to make. */
  readonly startFrame: number;
  /** Frame before which to stop; absent where nobody knows how many there are. */
  readonly endFrame?: number | undefined;
  /** Frames of a chunk, about. */
  readonly chunkSize: number;
  /** For each frame of the video, 1 where it can be decoded by itself. Empty where that is unknown. */
  readonly isKey: ArrayLike<number>;
}

/** One chunk of a plan: frames `[startFrame, endFrame)`. The last one goes on to the end of the video. */
export interface PlannedChunk {
  readonly index: number;
  readonly startFrame: number;
  /** `Infinity` for the last chunk of a video whose length is unknown. */
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
    yield { index, startFrame: start, endFrame: isLast ? endFrame : border };
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
