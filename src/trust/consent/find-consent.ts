/** Whether the person of a face has agreed to a use. */
import { AppError } from '../../core/errors.ts';
import { FaceList } from '../blocklist/face-list.ts';
import { type Consent, type ConsentState, consentState } from './consent-record.ts';
import type { ConsentStore } from './consent-store.ts';

/** Likeness at which a face counts as that of a consent: no two strangers of the sample faces reach it. See docs/blocklist.md. */
export const CONSENT_LIKENESS = 0.95;

/** A consent whose person looks like a face. */
export interface ConsentMatch {
  readonly id: string;
  readonly subject: string;
  /** Cosine. */
  readonly similarity: number;
  readonly state: ConsentState;
}

export interface ConsentQuery {
  /** What the face is to be used for: the processors of the run. All must be agreed to. */
  readonly uses: readonly string[];
  readonly now: Date;
  /** Default `CONSENT_LIKENESS`. */
  readonly likeness?: number;
}

/**
 * Consents whose person looks like a face: valid ones first, then by likeness.
 * @param embedding unit length, of the store's recogniser
 * @throws INTERNAL for an embedding of zeros or NaN
 */
export function findConsent(store: ConsentStore, embedding: Float32Array, query: ConsentQuery): ConsentMatch[] {
  const { uses, now, likeness = CONSENT_LIKENESS } = query;
  const byId = new Map<string, Consent>(store.consents.map((consent) => [consent.id, consent]));
  const list = new FaceList(
    store.recogniser,
    store.consents.map(({ id, subject, enteredAt, embeddings }) => ({
      ...{ id, name: subject, addedAt: enteredAt, embeddings },
    })),
  );
  const matches = list.search(embedding, likeness).map(({ person: { id, name }, similarity }) => ({
    ...{ id, subject: name, similarity },
    state: consentState(byId.get(id)!, uses, now),
  }));
  const rank = ({ state }: ConsentMatch): number => (state === 'valid' ? 0 : 1);
  return matches.sort((a, b) => rank(a) - rank(b) || b.similarity - a.similarity);
}

/**
 * The consent that a face is used with.
 * @param id the one that the run names; its person must be the one of the face
 * @throws POLICY_FORBIDS which says why none will do
 */
export function requireConsent(
  store: ConsentStore,
  embedding: Float32Array,
  query: ConsentQuery,
  id?: string,
): ConsentMatch {
  const all = findConsent(store, embedding, query);
  const named = id === undefined ? all : all.filter((match) => match.id === id);
  const [best] = named;
  if (best?.state === 'valid') return best;
  const isKnown = id === undefined || store.consents.some((consent) => consent.id === id);
  throw new AppError('POLICY_FORBIDS', whyNot(best, id, isKnown, query.uses), {
    hint: 'Enter one with its evidence: facefusion consent add SUBJECT PHOTO… See: facefusion consent list',
    details: {
      category: 'no-consent',
      role: 'source',
      policyKey: 'consent',
      consents: named.map(({ id, state }) => ({ id, state })),
    },
  });
}

function whyNot(
  best: ConsentMatch | undefined,
  id: string | undefined,
  isKnown: boolean,
  uses: readonly string[],
): string {
  if (best === undefined) {
    if (id === undefined) return 'The policy asks for consent, and there is none for the face of the source.';
    return isKnown ? `Consent ${id} is of another person than the source.` : `There is no consent ${id}.`;
  }
  switch (best.state) {
    case 'expired':
      return `Consent ${best.id} for the face of the source has expired.`;
    case 'revoked':
      return `Consent ${best.id} for the face of the source has been revoked.`;
    case 'other-use':
      return `Consent ${best.id} for the face of the source is not for ${uses.join(', ')}.`;
    case 'valid':
      return `Consent ${best.id} is valid.`;
  }
}
