/** Whether a picture shows what must not be worked on: sexual content. */
import type { Picture } from '../frames/picture.ts';
import type { ModelStore } from '../inference/session.ts';
import { EMBEDDED_CONTENT_ANALYSER, openContentClassifier } from './content-classifier.ts';
import { type ContentScore, openPublishedAnalyser } from './published-analyser.ts';

/**
 * Score of the embedded classifier from which it flags. Of the sample media's whole photos none scores above 0.18, of
 * their faces cut out closely none above 0.6, of 162 other parts none above 0.71 (bench/trust/content-scores.ts).
 */
export const DEFAULT_CONTENT_THRESHOLD = 0.75;

/** What all analysers say of one picture. */
export interface ContentVerdict {
  readonly flagged: boolean;
  /** Of the embedded classifier first, then of the others in the order given. */
  readonly scores: readonly ContentScore[];
}

/** Looks at one picture at a time, with buffers of its own. */
export interface ContentAnalyser {
  analyse(picture: Picture): Promise<ContentVerdict>;
}

export interface ContentAnalyserOptions {
  /** Published analysers beside the embedded one; several vote. */
  readonly models?: readonly string[];
  /** Score of the embedded classifier from which it flags, 0..1. */
  readonly threshold: number;
}

/**
 * The embedded classifier always looks, and flags by itself. Analysers that the user has added are heard besides: they
 * flag together where more than half of them do (of FaceFusion's three, two), so that no choice of models lets through
 * what the embedded one stops.
 * @throws what opening a model throws
 */
export async function openContentAnalyser(
  store: ModelStore,
  { models = [], threshold }: ContentAnalyserOptions,
): Promise<ContentAnalyser> {
  const embedded = await openContentClassifier(store);
  const others: Awaited<ReturnType<typeof openPublishedAnalyser>>[] = [];
  for (const id of models) {
    if (id !== EMBEDDED_CONTENT_ANALYSER) others.push(await openPublishedAnalyser(store, id));
  }
  return {
    async analyse(picture) {
      const score = await embedded.score(picture);
      const first: ContentScore = {
        ...{ model: EMBEDDED_CONTENT_ANALYSER, score, threshold },
        // A classifier that gives no number has not said that the picture is harmless.
        flagged: !(score < threshold),
      };
      const votes: ContentScore[] = [];
      for (const other of others) votes.push(await other(picture));
      const against = votes.filter(({ flagged }) => flagged).length;
      return { flagged: first.flagged || against * 2 > votes.length, scores: [first, ...votes] };
    },
  };
}
