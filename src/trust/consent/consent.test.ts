import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppError, isAppError } from '../../core/errors.ts';
import { openAuditLog } from '../audit/audit-log.ts';
import { type Consent, consentState } from './consent-record.ts';
import { type ConsentPlace, changeConsents, consentsPath, readConsents } from './consent-store.ts';
import { findConsent, requireConsent } from './find-consent.ts';
import { outputsOfConsent } from './outputs-of-consent.ts';

/** Directions far from each other. */
function unit(at: number): Float32Array {
  const values = new Float32Array(128);
  values[at] = 1;
  return values;
}

const NOW = new Date('2026-06-01T12:00:00.000Z');
let count = 0;
const consent = (more: Partial<Consent> = {}): Consent => ({
  ...{ id: `c-${String(++count).padStart(12, '0')}`, subject: 'person-1', embeddings: [unit(0)] },
  ...{ uses: ['face_swapper'], until: '2027-01-01T00:00:00.000Z', evidenceSha256: '00'.repeat(32) },
  ...{ enteredBy: 'Ann', enteredAt: '2026-01-01T00:00:00.000Z' },
  ...more,
});
const revoked = { at: '2026-03-01T00:00:00.000Z', by: 'Ann' };
const storeOf = (...consents: Consent[]) => ({ recogniser: 'face_recognition', consents });
const query = { uses: ['face_swapper'], now: NOW };

function failure(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('Expected a refusal.');
}

describe('a consent', () => {
  it.each([
    ['valid', {}],
    ['valid', { uses: ['any'] }],
    ['valid', { uses: ['x-ads', 'face_swapper'] }],
    ['other-use', { uses: ['face_enhancer'] }],
    ['expired', { until: NOW.toISOString() }],
    ['revoked', { revoked }],
    ['revoked', { revoked, until: '2026-02-01T00:00:00.000Z' }],
  ] as const)('is %s with %j', (state, more) => {
    expect(consentState(consent(more as Partial<Consent>), ['face_swapper'], NOW)).toBe(state);
  });

  it('must cover all uses of a run', () => {
    expect(consentState(consent(), ['face_swapper', 'face_enhancer'], NOW)).toBe('other-use');
    expect(consentState(consent({ uses: ['face_enhancer', 'face_swapper'] }), ['face_swapper'], NOW)).toBe('valid');
  });

  it('is valid until its last millisecond', () => {
    const last = new Date(NOW.getTime() + 1).toISOString();
    expect(consentState(consent({ until: last }), ['face_swapper'], NOW)).toBe('valid');
  });
});

describe('consents for a face', () => {
  it('are those of the person, valid ones first', () => {
    const [old, good, other] = [
      consent({ until: '2026-02-01T00:00:00.000Z' }),
      consent(),
      consent({ embeddings: [unit(1)], subject: 'person-2' }),
    ];
    const found = findConsent(storeOf(old, good, other), unit(0), query);
    expect(found.map(({ id, state }) => [id, state])).toEqual([
      [good.id, 'valid'],
      [old.id, 'expired'],
    ]);
    expect(found[0]?.similarity).toBeCloseTo(1, 5);
    expect(findConsent(storeOf(old, good, other), unit(5), query)).toEqual([]);
  });

  it('let a face be used, or say why not', () => {
    const good = consent();
    expect(requireConsent(storeOf(good), unit(0), query).id).toBe(good.id);
    expect(requireConsent(storeOf(good), unit(0), query, good.id).id).toBe(good.id);
    const why = (store: ReturnType<typeof storeOf>, face: Float32Array, id?: string): string => {
      const error = failure(() => requireConsent(store, face, query, id));
      expect(error.code).toBe('POLICY_FORBIDS');
      return error.message;
    };
    expect(why(storeOf(), unit(0))).toContain('there is none');
    expect(why(storeOf(good), unit(1))).toContain('there is none');
    expect(why(storeOf(good), unit(1), good.id)).toContain('another person');
    expect(why(storeOf(good), unit(0), 'c-ffffffffffff')).toContain('no consent c-ffffffffffff');
    expect(why(storeOf(consent({ revoked })), unit(0))).toContain('revoked');
    expect(why(storeOf(consent({ until: revoked.at })), unit(0))).toContain('expired');
    expect(why(storeOf(consent({ uses: ['face_enhancer'] })), unit(0))).toContain('not for face_swapper');
  });

  it('are not given to another consent than the one that is named', () => {
    const [ended, good] = [consent({ revoked }), consent()];
    expect(failure(() => requireConsent(storeOf(ended, good), unit(0), query, ended.id)).message).toContain('revoked');
  });

  it.each([
    ['zeros', new Float32Array(128)],
    ['NaN', new Float32Array(128).fill(Number.NaN)],
  ])('refuse a face of %s', (_, face) => {
    expect(() => findConsent(storeOf(consent()), face, query)).toThrow('length 1');
  });
});

describe('the file of consents', () => {
  let folder: string;
  let place: ConsentPlace & { readonly environment: Record<string, string> };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
    const environment = { FACEFUSION_DATA_FOLDER: join(folder, 'data') };
    place = { vault: randomBytes(32), recogniser: 'face_recognition', environment, now: NOW };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const add = (one: Consent, at: ConsentPlace = place): Promise<string> =>
    changeConsents(at, async (consents) => ({ consents: [...consents, one], result: one.id }));
  const codeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: unknown) => (isAppError(error) ? `${error.code}: ${error.message}` : String(error)),
    );

  it('keeps what was entered, and nothing of it can be read', async () => {
    expect((await readConsents(place)).consents).toEqual([]);
    const [one, two] = [consent({ subject: 'a pseudonym' }), consent({ revoked })];
    await add(one);
    await add(two);
    expect((await readConsents(place)).consents).toEqual([one, two]);
    expect((await readFile(consentsPath(place.environment))).includes('pseudonym')).toBe(false);
  });

  it('loses nothing when many write at once, and nothing when a change fails', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => add(consent())));
    const read = async () => (await readConsents(place)).consents.map(({ id }) => id).sort();
    expect(await read()).toEqual(ids.sort());
    const broken = changeConsents(place, () => Promise.reject(new Error('no')));
    await expect(broken).rejects.toThrow('no');
    await expect(add(consent({ embeddings: [new Float32Array(128)] }))).rejects.toThrow('length 1');
    expect(await read()).toEqual(ids);
  });

  it('is refused when the clock has been set back', async () => {
    await add(consent({ enteredAt: NOW.toISOString() }));
    const at = (iso: string): Promise<string> => codeOf(readConsents({ ...place, now: new Date(iso) }));
    expect(await at('2026-06-01T11:59:30.000Z')).toBe('none');
    expect(await at('2026-05-31T00:00:00.000Z')).toMatch(/^POLICY_FORBIDS: The clock says 2026-05-31.* was entered at/);
    await add(consent({ revoked: { at: '2026-06-01T12:00:30.000Z', by: 'Ann' } }));
    expect(await at('2026-06-01T11:59:00.000Z')).toMatch(/was revoked at 2026-06-01T12:00:30/);
  });

  it('is refused with another key, of another recogniser, changed, or in place of another file', async () => {
    await add(consent());
    expect(await codeOf(readConsents({ ...place, vault: randomBytes(32) }))).toMatch(/^KEYS_UNUSABLE/);
    expect(await codeOf(readConsents({ ...place, recogniser: 'arcface' }))).toMatch(/^MODEL_IO_MISMATCH/);
    const path = consentsPath(place.environment);
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    expect(await codeOf(readConsents(place))).toMatch(/^KEYS_UNUSABLE/);
  });
});

describe('outputs that were made with a consent', () => {
  it('are found in the audit log, wherever in the facts the id stands', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'facefusion-test-'));
    try {
      const keys = { audit: generateKeyPairSync('ed25519').privateKey };
      const log = await openAuditLog({ folder, keys });
      const id = 'c-0123456789ab';
      await log.append({ kind: 'consent.added', facts: { consent: id } });
      await log.append({ kind: 'output.published', facts: { consents: ['c-000000000000', id], output: 'aa' } });
      await log.append({ kind: 'output.published', facts: { consents: ['c-000000000000'] } });
      await log.append({
        kind: 'output.published',
        facts: { sources: [{ consent: id }] },
        personal: { path: 'x.jpg' },
      });
      await log.append({ kind: 'output.published', facts: { note: `not ${id}` } });
      const found = await outputsOfConsent(folder, id);
      expect(found.map(({ line }) => line.seq)).toEqual([2, 4]);
      expect(found[1]?.personal).toEqual({ path: 'x.jpg' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
