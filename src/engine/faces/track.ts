/** Follows the faces of a video: each mesh starts where the last one was, and a detector looks for the others. */
import type { Region } from '../../core/image.ts';
import { type StageTimer, UNTIMED } from '../../core/stage-timer.ts';
import type { Stateful } from '../../core/stateful.ts';
import type { Picture } from '../frames/picture.ts';
import type { ModelStore } from '../inference/session.ts';
import { areaOf, boundsOf, containmentOf, overlapOf } from './boxes.ts';
import type { FaceMesh, MeshRegion } from './face.ts';
import { createOffsetSmoother, type LandmarkOffsets, type OffsetSmoother, offsetsFrom } from './landmark-offsets.ts';
import { landmarks5Of, landmarks68Of } from './landmarks.ts';
import { type FoundMesh, meshRegionOf, meshRegionOfDetection, openMeshFinder } from './mesh.ts';
import { openDetector } from './open-detector.ts';
import type { PublishedDetectorOptions } from './published/published-detector.ts';
import { openPublishedLandmarker, type PublishedLandmarkerOptions } from './published/published-landmarker.ts';
import { createSceneCutDetector } from './scene-cut.ts';
import { createMeshSmoother, type MeshSmoother } from './smooth.ts';

/** A face of one frame. */
export interface TrackedFace {
  /** Stable as long as the face is followed; never used again for another one. */
  readonly trackId: number;
  /** Smoothed over time. Owned by the caller. */
  readonly mesh: FaceMesh;
  /** As the model gave it. */
  readonly rawMesh: FaceMesh;
  /** 0.5..1: below that the face counts as lost. */
  readonly meshScore: number;
  /** The detector's score when the face was found last, 0..1. */
  readonly score: number;
  /** Where the user's landmarker differs from the mesh, smoothed over time; absent where it has found nothing. */
  readonly landmarkOffsets?: LandmarkOffsets;
}

/** Follows the faces of one video, frame by frame in order. */
export interface FaceTracker extends Stateful {
  /**
   * @param picture     planar or RGB, read only during the call. Of a planar frame nothing is converted but the crops.
   * @param timeSeconds presentation time; rises from frame to frame
   * @returns the faces of this frame, by track id
   */
  update(picture: Picture, timeSeconds: number): Promise<TrackedFace[]>;
  /** Whether the last picture began a new scene. The first picture of a video does not. */
  readonly lastWasCut: boolean;
}

export interface FaceTrackerOptions {
  /** Lowest detector score that counts as a face, 0..1. */
  readonly minimumScore: number;
  /** Frames between two searches for newcomers while all known faces are followed, 1 and above; 15 by default. */
  readonly interval?: number;
  /**
   * Tiles along the longer side when a search is thorough, 1..8; 2 by default. Each doubling finds faces half as large:
   * a 12th, a 25th, a 50th of the longer side.
   */
  readonly tiles?: number;
  /** How far tremble is taken out of `TrackedFace.mesh`: 0 leaves it as found, 1 (the default) all the filter's way. */
  readonly smoothing?: number;
  /** Published detectors in place of the embedded one. */
  readonly detector?: PublishedDetectorOptions | undefined;
  /** Published landmarkers, which look at every face of every frame. */
  readonly landmarker?: PublishedLandmarkerOptions | undefined;
  /** Told of `mesh`, `detect`, and of `track` for the rest. */
  readonly timer?: StageTimer | undefined;
}

/** Below this the mesh model has lost the face. */
const LOST_SCORE = 0.5;
/** Frames between two searches, unless the options say otherwise. */
const SEARCH_EVERY = 15;
/**
 * The same after a face was lost, for `MEMORY_SECONDS`: it may come out from behind a hand at any moment. Every frame
 * while nobody else is followed.
 */
const SEARCH_EVERY_AFTER_LOSS = 3;
/**
 * The same while nobody is followed and nobody was lost: a search costs 8 ms, a third of what it takes to decode and
 * encode a 720p frame, and cuts are searched at once.
 */
const SEARCH_EVERY_IN_EMPTY_SCENE = 4;
/** Frames between two searches with tiles, for small and turned faces. */
const THOROUGH_SEARCH_EVERY = 60;
/** Tiles of that search by default: faces a 25th of the longer side, five runs of the detector. */
const THOROUGH_TILES = 2;
/** A face that comes back within this time, near where it was lost, keeps its track. */
const MEMORY_SECONDS = 0.5;
const SAME_PLACE_OVERLAP = 0.3;
/** Two tracks that overlap more, or contain each other more, follow one face. */
const SAME_FACE_OVERLAP = 0.5;
const SAME_FACE_CONTAINMENT = 0.8;
/** No head changes its size by more, or moves further in its own sizes, from one frame to the next. */
const LARGEST_GROWTH = 1.6;
const LONGEST_STEP = 0.6;
/** See `CropOptions.maximumSamples`. */
const MAXIMUM_SAMPLES = 3;

interface Track {
  readonly id: number;
  readonly smoother: MeshSmoother;
  readonly offsets: OffsetSmoother;
  score: number;
  region: MeshRegion;
  bounds: Region;
}

interface SavedTrack extends Omit<Track, 'smoother' | 'offsets'> {
  readonly smoother: unknown;
  readonly offsets: unknown;
}

interface FaceTrackerState {
  readonly cuts: unknown;
  readonly tracks: readonly SavedTrack[];
  readonly lost: readonly { readonly track: SavedTrack; readonly untilSeconds: number }[];
  readonly nextId: number;
  readonly sinceSearch: number;
  readonly sinceThorough: number;
}

interface LostTrack {
  readonly track: Track;
  readonly untilSeconds: number;
}

/**
 * Opens the detector and the mesh model for one video.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function createFaceTracker(store: ModelStore, options: FaceTrackerOptions): Promise<FaceTracker> {
  const { interval: searchEvery = SEARCH_EVERY, tiles = THOROUGH_TILES, smoothing = 1, timer = UNTIMED } = options;
  const detector = await openDetector(store, options.detector);
  const landmarker = options.landmarker && (await openPublishedLandmarker(store, options.landmarker));
  const finder = await openMeshFinder(store, { maximumSamples: MAXIMUM_SAMPLES });
  const cuts = createSceneCutDetector();
  let lastWasCut = false;
  let tracks: Track[] = [];
  let lost: LostTrack[] = [];
  let nextId = 0;
  let sinceSearch = Number.POSITIVE_INFINITY;
  let sinceThorough = Number.POSITIVE_INFINITY;

  /** Follows one track into this frame; undefined where the face is gone. */
  const follow = async (picture: Picture, track: Track): Promise<FoundMesh | undefined> => {
    timer.enter('mesh');
    const found = await finder.find(picture, track.region);
    timer.enter('track');
    if (found.score < LOST_SCORE) return undefined;
    const region = meshRegionOf(found.mesh);
    return isPlausibleStep(track.region, region) ? found : undefined;
  };

  const place = (track: Track, found: FoundMesh): void => {
    track.region = meshRegionOf(found.mesh);
    track.bounds = boundsOf(found.mesh);
  };

  const interval = (): number => {
    if (tracks.length > 0) return lost.length > 0 ? Math.min(searchEvery, SEARCH_EVERY_AFTER_LOSS) : searchEvery;
    return lost.length > 0 ? 1 : Math.min(searchEvery, SEARCH_EVERY_IN_EMPTY_SCENE);
  };

  /** Looks for faces that no track follows. */
  const search = async (picture: Picture, meshes: Map<Track, FoundMesh>): Promise<void> => {
    timer.enter('detect');
    const isThorough = sinceThorough >= THOROUGH_SEARCH_EVERY;
    sinceSearch = 0;
    if (isThorough) sinceThorough = 0;
    const detections = await detector.detect(picture, {
      minimumScore: options.minimumScore,
      tiles: isThorough ? tiles : 1,
      // Turned faces cost three more rounds: only when nobody is there, and seldom.
      ...(isThorough && tracks.length === 0 ? {} : { angles: [0] }),
    });
    for (const detection of detections) {
      const known = tracks.find(({ bounds }) => isSameFace(bounds, detection.box));
      if (known) {
        known.score = detection.score;
        continue;
      }
      const found = await finder.settle(picture, meshRegionOfDetection(detection), 1);
      if (found.score < LOST_SCORE) continue;
      const bounds = boundsOf(found.mesh);
      if (tracks.some((track) => isSameFace(track.bounds, bounds))) continue;
      const track = recall(bounds) ?? {
        id: nextId++,
        smoother: createMeshSmoother(),
        offsets: createOffsetSmoother(),
        score: detection.score,
        region: meshRegionOf(found.mesh),
        bounds,
      };
      place(track, found);
      track.score = detection.score;
      track.smoother.reset();
      track.offsets.reset();
      tracks.push(track);
      meshes.set(track, found);
    }
    timer.enter('track');
  };

  /** Where the landmarker sees a face; undefined without one, or where it is not sure. */
  const offsetsOf = async (
    picture: Picture,
    track: Track,
    mesh: FaceMesh,
    timeSeconds: number,
  ): Promise<LandmarkOffsets | undefined> => {
    if (!landmarker) return undefined;
    timer.enter('mesh');
    const known = { box: boundsOf(mesh), landmarks5: landmarks5Of(mesh), landmarks68: landmarks68Of(mesh) };
    const found = await landmarker.find(picture, known);
    timer.enter('track');
    if (!found) {
      track.offsets.reset();
      return undefined;
    }
    const raw = offsetsFrom(mesh, found);
    const smooth = track.offsets.step(raw, track.region.size, timeSeconds);
    return smoothing === 1 ? smooth : raw.map((value, at) => value + smoothing * (smooth[at]! - value));
  };

  /** The track that was lost about here a moment ago, if any. */
  const recall = (bounds: Region): Track | undefined => {
    const at = lost.findIndex(({ track }) => overlapOf(track.bounds, bounds) > SAME_PLACE_OVERLAP);
    return at < 0 ? undefined : lost.splice(at, 1)[0]!.track;
  };

  return {
    async update(picture, timeSeconds) {
      lastWasCut = cuts.step(picture);
      if (lastWasCut) {
        tracks = [];
        lost = [];
        sinceSearch = Number.POSITIVE_INFINITY;
        sinceThorough = Number.POSITIVE_INFINITY;
      }
      lost = lost.filter(({ untilSeconds }) => untilSeconds >= timeSeconds);
      const meshes = new Map<Track, FoundMesh>();
      for (const track of tracks) {
        const found = await follow(picture, track);
        if (found) {
          place(track, found);
          meshes.set(track, found);
        } else {
          lost.push({ track, untilSeconds: timeSeconds + MEMORY_SECONDS });
          sinceSearch = Number.POSITIVE_INFINITY;
        }
      }
      tracks = withoutTwins(tracks.filter((track) => meshes.has(track)));
      sinceSearch++;
      sinceThorough++;
      if (sinceSearch >= interval()) await search(picture, meshes);

      const faces: TrackedFace[] = [];
      for (const track of tracks.sort((a, b) => a.id - b.id)) {
        const { mesh: rawMesh, score: meshScore } = meshes.get(track)!;
        const mesh = mixMeshes(rawMesh, track.smoother.step(rawMesh, timeSeconds), smoothing);
        const landmarkOffsets = await offsetsOf(picture, track, rawMesh, timeSeconds);
        const face = { trackId: track.id, mesh, rawMesh, meshScore, score: track.score };
        faces.push(landmarkOffsets ? { ...face, landmarkOffsets } : face);
      }
      return faces;
    },
    get lastWasCut() {
      return lastWasCut;
    },
    save: (): FaceTrackerState => ({
      cuts: cuts.save(),
      tracks: tracks.map(saveTrack),
      lost: lost.map(({ track, untilSeconds }) => ({ track: saveTrack(track), untilSeconds })),
      nextId,
      sinceSearch,
      sinceThorough,
    }),
    restore(saved) {
      const from = saved as FaceTrackerState;
      cuts.restore(from.cuts);
      tracks = from.tracks.map(restoreTrack);
      lost = from.lost.map(({ track, untilSeconds }) => ({ track: restoreTrack(track), untilSeconds }));
      nextId = from.nextId;
      sinceSearch = from.sinceSearch;
      sinceThorough = from.sinceThorough;
    },
  };
}

const saveTrack = (track: Track): SavedTrack => ({
  ...track,
  smoother: track.smoother.save(),
  offsets: track.offsets.save(),
  region: { ...track.region },
  bounds: { ...track.bounds },
});

function restoreTrack(saved: SavedTrack): Track {
  const smoother = createMeshSmoother();
  smoother.restore(saved.smoother);
  const offsets = createOffsetSmoother();
  offsets.restore(saved.offsets);
  return { ...saved, smoother, offsets, region: { ...saved.region }, bounds: { ...saved.bounds } };
}

/** The smooth mesh at 1, the raw one at 0. The result may be `smooth` itself. */
function mixMeshes(raw: FaceMesh, smooth: FaceMesh, smoothing: number): FaceMesh {
  return smoothing === 1 ? smooth : raw.map((value, i) => value + smoothing * (smooth[i]! - value));
}

const isSameFace = (a: Region, b: Region): boolean =>
  overlapOf(a, b) > SAME_FACE_OVERLAP || containmentOf(a, b) > SAME_FACE_CONTAINMENT;

/** False where a mesh jumped to something else, as to a neighbour's face. */
function isPlausibleStep(before: MeshRegion, after: MeshRegion): boolean {
  const growth = after.size / before.size;
  const step = Math.hypot(after.centreX - before.centreX, after.centreY - before.centreY) / before.size;
  return growth < LARGEST_GROWTH && growth > 1 / LARGEST_GROWTH && step < LONGEST_STEP;
}

/** Of tracks that have run together, the oldest stays. */
function withoutTwins(tracks: readonly Track[]): Track[] {
  const kept: Track[] = [];
  for (const track of tracks) {
    if (areaOf(track.bounds) > 0 && !kept.some(({ bounds }) => isSameFace(bounds, track.bounds))) kept.push(track);
  }
  return kept;
}
