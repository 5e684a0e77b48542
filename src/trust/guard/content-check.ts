/** Nothing is made of, or into, pictures with sexual content. */
import { AppError } from '../../core/errors.ts';
import type { ContentScore } from '../../engine/content/published-analyser.ts';
import { isSameScene, type SceneThumbnail, thumbnailOf } from '../../engine/content/scene-thumbnail.ts';
import type { Picture } from '../../engine/frames/picture.ts';
import type { PicturePlace, TrustStep } from '../trust-step.ts';
import { noteLook, STRICTER } from './part-findings.ts';
import type { Role, RunGuard } from './run-guard.ts';

/** A finished picture is looked at after so many looks at the target: it shows the same scene with another face. */
const TARGET_LOOKS_A_RESULT = 2;

/** Frames that have been looked at, by run. */
interface Looks {
  target: number;
  result: number;
  lastTargetSeconds: number;
  /** What was looked at last. */
  readonly seen: Partial<Record<Role, SceneThumbnail>>;
}
const LOOKS = new WeakMap<RunGuard, Looks>();

/**
 * Looks at all sources and a photo's target before anything is made, at a video's target in its first frame, at every
 * cut and as often as the policy says, and at the result half as often. A scene that is still the one that was looked at
 * is not judged again: what has changed since then is compared, so that slow changes add up.
 */
export const contentCheck: TrustStep = {
  id: 'content-check',
  async beforeFirstFrame({ guard }) {
    for (const { image } of guard.sources) await look(image, 'source', undefined, guard);
  },
  async onOriginal(picture, _faces, place, { guard }) {
    const looks = looksOf(guard);
    const { everySeconds } = guard.installed.policy.moderation;
    const isNow = looks.target === 0 || place.isCut || place.isPhoto === true;
    if (!isNow && place.timeSeconds - looks.lastTargetSeconds < everySeconds) return;
    looks.target++;
    looks.lastTargetSeconds = place.timeSeconds;
    if (isNews(picture, 'target', looks)) await look(picture, 'target', place, guard);
  },
  async afterEachFrame(picture, place, { guard }) {
    const looks = looksOf(guard);
    if (!place.isPhoto && looks.result * TARGET_LOOKS_A_RESULT >= looks.target) return;
    looks.result++;
    if (isNews(picture, 'result', looks)) await look(picture, 'result', place, guard);
  },
};

function looksOf(guard: RunGuard): Looks {
  let looks = LOOKS.get(guard);
  if (!looks) LOOKS.set(guard, (looks = { target: 0, result: 0, lastTargetSeconds: 0, seen: {} }));
  return looks;
}

/** Whether a picture shows another scene than the last one that was judged; then it is the last one. */
function isNews(picture: Picture, role: Role, { seen }: Looks): boolean {
  const thumbnail = thumbnailOf(picture);
  const last = seen[role];
  if (last && isSameScene(last, thumbnail)) return false;
  seen[role] = thumbnail;
  return true;
}

async function look(picture: Picture, role: Role, place: PicturePlace | undefined, guard: RunGuard): Promise<void> {
  const { found, installed } = guard;
  const { flagged, scores } = await guard.content.analyse(picture);
  const [embedded] = scores;
  noteLook(found, role, embedded!.score);
  const limit = installed.policy.moderation.threshold * (found.sawYoungFace ? STRICTER : 1);
  if (!flagged && embedded!.score < limit) return;
  const said = scores.filter((score) => score.flagged || score === embedded);
  const where = place ? whereOf(place) : '';
  throw new AppError(
    'CONTENT_BLOCKED',
    `The ${role} shows sexual content${where}: ${said.map((one) => `${one.model} ${one.score.toFixed(2)}, from ${(one === embedded ? limit : one.threshold).toFixed(2)}`).join('; ')}.`,
    {
      hint: found.sawYoungFace
        ? 'A face in it may be that of a minor, so that the limit is lower. Nothing of the output was kept.'
        : 'Such pictures are not worked on. Nothing of the output was kept.',
      details: {
        ...{ category: 'sexual-content', role, scores },
        ...(place ? { frame: place.frameIndex, seconds: place.timeSeconds } : {}),
        ...decisive(scores, limit, found.sawYoungFace),
      },
    },
  );
}

/** The score that the run ends by, with whose limit it is beyond: the embedded classifier's is that of the policy. */
function decisive([embedded, ...others]: readonly ContentScore[], limit: number, isLowered: boolean) {
  const added = others.find(({ flagged }) => flagged);
  if (added && embedded!.score < limit) {
    return { score: added.score, limit: added.threshold, limitSetBy: 'model', model: added.model };
  }
  return {
    ...{ score: embedded!.score, limit, policyKey: 'moderation.threshold', model: embedded!.model },
    ...(isLowered ? { isLowered } : {}),
  };
}

/** Where a video shows it. */
const whereOf = ({ frameIndex, timeSeconds }: PicturePlace): string => {
  if (frameIndex === 0 && timeSeconds === 0) return '';
  const clock = new Date(Math.round(timeSeconds * 1000)).toISOString().slice(11, 23);
  return ` at ${clock} (frame ${frameIndex})`;
};
