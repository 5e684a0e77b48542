/** Whose faces are used: nobody who is listed, nobody without consent where the policy asks for it, no minors. */
import { AppError, isAppError } from '../../core/errors.ts';
import { boundsOf } from '../../engine/faces/boxes.ts';
import type { Face } from '../../engine/faces/face.ts';
import type { Picture } from '../../engine/frames/picture.ts';
import type { TargetFace } from '../../engine/processors/processor.ts';
import { refuseListed } from '../blocklist/blocklist.ts';
import { requireConsent } from '../consent/find-consent.ts';
import type { PicturePlace, TrustStep } from '../trust-step.ts';
import { judgeAge } from './age-gate.ts';
import { noteYoungFace } from './part-findings.ts';
import { namingPlace } from './refusals.ts';
import type { Role, RunGuard } from './run-guard.ts';

/** Frames from one look at a followed face to the next; the last goes on for ever, as a track may change over. */
const LOOK_INTERVALS = [8, 25, 125] as const;
/** A smaller or less certain face says nothing of who it is. */
const SMALLEST = 48;
const LEAST_SCORE = 0.6;

interface Watched {
  looks: number;
  dueFrame: number;
  /** Sum of the ages that were estimated. */
  years: number;
}
const WATCHED = new WeakMap<RunGuard, Map<number, Watched>>();

/** Faces of a frame that were compared with the lists, and are again in the finished picture. */
interface ResultLooks {
  /** Of the target, in pixels: what processors change of it moves little. */
  readonly meshes: Float32Array[];
  readonly width: number;
  readonly height: number;
}
/** By frame, until the frame is finished. */
const RESULTS = new WeakMap<RunGuard, Map<number, ResultLooks>>();

export const personCheck: TrustStep = {
  id: 'person-check',
  async beforeFirstFrame({ guard }) {
    for (const photo of guard.sources) {
      const { mesh, meshScore, score } = photo.face;
      const face = await guard.analyser.describe(photo.image, { mesh, score: meshScore }, score, {
        ...{ embedding: needsEmbedding(guard, 'source'), classification: true },
      });
      await judge(face, face.ageYears!, 'source', guard);
      checkConsent(face, guard);
    }
  },
  async onOriginal(picture, faces, place, { kind, guard }) {
    await namingPlace(place, async () => {
      for (const face of faces) await watch(picture, face, place, kind === 'image', guard);
    });
  },
  /** Whoever is listed may not come out of two who are not, either. */
  async afterEachFrame(picture, place, { guard }) {
    const results = RESULTS.get(guard);
    const looks = results?.get(place.frameIndex);
    if (!looks) return;
    results!.delete(place.frameIndex);
    const [x, y] = [picture.width / looks.width, picture.height / looks.height];
    for (const mesh of looks.meshes) {
      const scaled = x === 1 && y === 1 ? mesh : mesh.map((value, at) => value * [x, y, x][at % 3]!);
      const face = await describe(picture, scaled, 1, { embedding: true, classification: false }, guard);
      const listed = face?.embedding ? guard.blocklist.find(face.embedding) : [];
      await namingPlace(place, async () => refuseListed(listed, 'result'));
    }
  },
};

/** Looks at a face of the target when it is new and now and then. */
async function watch(
  picture: Picture,
  { trackId, mesh, meshScore }: TargetFace,
  { frameIndex }: PicturePlace,
  isPhoto: boolean,
  guard: RunGuard,
): Promise<void> {
  const watched = watchedOf(guard, trackId, frameIndex);
  if (frameIndex < watched.dueFrame) return;
  const { x0, y0, x1, y1 } = boundsOf(mesh);
  const isClear = meshScore >= LEAST_SCORE && Math.max(x1 - x0, y1 - y0) >= SMALLEST;
  // A photo has no later frame in which a face could be clearer.
  if (!isClear && !isPhoto) return;
  const request = { embedding: needsEmbedding(guard, 'target'), classification: true };
  const face = await describe(picture, mesh, meshScore, request, guard);
  if (!face) return;
  if (request.embedding) lookAgain(picture, mesh, frameIndex, guard);
  watched.years += face.ageYears!;
  watched.dueFrame = frameIndex + LOOK_INTERVALS[Math.min(watched.looks, LOOK_INTERVALS.length - 1)]!;
  watched.looks++;
  await judge(face, watched.years / watched.looks, 'target', guard);
}

async function describe(
  picture: Picture,
  mesh: Float32Array,
  meshScore: number,
  request: { readonly embedding: boolean; readonly classification: boolean },
  guard: RunGuard,
): Promise<Face | undefined> {
  try {
    return await guard.analyser.describe(picture, { mesh, score: meshScore }, 1, request);
  } catch (error) {
    // A crumpled mesh in one frame is nobody's face; a later frame will do.
    if (isAppError(error) && error.code === 'FACE_DEGENERATE') return undefined;
    throw error;
  }
}

function lookAgain({ width, height }: Picture, mesh: Float32Array, frameIndex: number, guard: RunGuard): void {
  let results = RESULTS.get(guard);
  if (!results) RESULTS.set(guard, (results = new Map()));
  const looks = results.get(frameIndex) ?? { meshes: [], width, height };
  looks.meshes.push(mesh.slice());
  results.set(frameIndex, looks);
}

function watchedOf(guard: RunGuard, trackId: number, frameIndex: number): Watched {
  let tracks = WATCHED.get(guard);
  if (!tracks) WATCHED.set(guard, (tracks = new Map()));
  let watched = tracks.get(trackId);
  if (!watched) tracks.set(trackId, (watched = { looks: 0, dueFrame: frameIndex, years: 0 }));
  return watched;
}

async function judge(face: Face, ageYears: number, role: Role, guard: RunGuard): Promise<void> {
  if (face.embedding) refuseListed(guard.blocklist.find(face.embedding), role);
  const { lowest, action } = guard.installed.policy.faceAge;
  const verdict = judgeAge(ageYears, lowest);
  if (verdict === 'grown') return;
  noteYoungFace(guard.found);
  if (verdict === 'unsure') return;
  throw new AppError('CONTENT_BLOCKED', `A face of the ${role} looks younger than ${lowest} years.`, {
    hint:
      action === 'review'
        ? 'The policy sends such runs to a person who looks at them: ask whoever keeps it.'
        : 'Faces of minors are not worked on. The estimate may be wrong: a clearer photo may tell.',
    details: {
      ...{ category: 'young-face', role, policyKey: 'faceAge.lowest', action },
      ...{ score: Math.round(ageYears), limit: lowest },
    },
  });
}

/** Nobody is compared with lists that are empty. */
const needsEmbedding = (guard: RunGuard, role: Role): boolean =>
  guard.blocklist.persons > 0 || (role === 'source' && needsConsent(guard));

const needsConsent = ({ installed, consentId }: RunGuard): boolean =>
  installed.policy.consent === 'required' || consentId !== undefined;

function checkConsent(face: Face, guard: RunGuard): void {
  if (!needsConsent(guard)) return;
  const { consents, consentId, processors, found } = guard;
  const query = { uses: processors, now: new Date() };
  const { id } = requireConsent(consents, face.embedding!, query, consentId);
  if (!found.consents.includes(id)) found.consents.push(id);
}
