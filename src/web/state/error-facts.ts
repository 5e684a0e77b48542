/** Facts behind an error, as the rows of a card. */
import { formatBytes, formatDuration, formatNumber, formatTimecode, type TextKey, t } from '../i18n/i18n.ts';
import type { ErrorFacts } from './error-words.ts';

/** A name, its value, and whether that is an id. */
export type FactRow = readonly [name: string, value: string, isId?: true];

const CATEGORIES: Readonly<Record<NonNullable<ErrorFacts['category']>, TextKey>> = {
  'sexual-content': 'fact.category.sexual-content',
  'young-face': 'fact.category.young-face',
  'listed-face': 'fact.category.listed-face',
  'listed-word': 'fact.category.listed-word',
  'no-consent': 'fact.category.no-consent',
  'not-allowed': 'fact.category.not-allowed',
};
const ROLES = { source: 'fact.role.source', target: 'fact.role.target', result: 'fact.role.result' } as const;
const LIMITS = { default: 'fact.limit.default', policy: 'fact.limit.policy', model: 'fact.limit.model' } as const;
const CONSENTS: Readonly<Record<string, TextKey>> = {
  expired: 'fact.consent.expired',
  revoked: 'fact.consent.revoked',
  'other-use': 'fact.consent.other-use',
};

type Row = (facts: ErrorFacts, fps: number | undefined) => FactRow | undefined;

const ROWS: readonly Row[] = [
  ({ category }) => category && [t('fact.category'), t(CATEGORIES[category])],
  ({ role }) => role && [t('fact.role'), t(ROLES[role])],
  ({ frame, seconds }, fps) => {
    if (frame === undefined || (frame === 0 && seconds === 0)) return undefined;
    const time = fps === undefined ? formatDuration(seconds ?? 0) : formatTimecode(frame, fps);
    return [t('result.position'), t('fact.position', { frame, time })];
  },
  ({ chunk }) => (chunk === undefined ? undefined : [t('fact.chunk'), formatNumber(chunk + 1)]),
  ({ category, score, limit }) => {
    if (score === undefined || limit === undefined) return undefined;
    if (category === 'young-face') return [t('fact.age'), t('fact.age.value', { score, limit })];
    return [t('fact.score'), t('fact.score.value', { score: formatNumber(score, 2), limit: formatNumber(limit, 2) })];
  },
  ({ limit, limitSetBy, isLowered, model }) => {
    if (!limitSetBy || limit === undefined) return undefined;
    const by = t(LIMITS[limitSetBy], { model: model ?? '' });
    return [t('fact.limit'), isLowered ? t('fact.limit.lowered', { by }) : by];
  },
  ({ policyKey }) => (policyKey === undefined ? undefined : [t('fact.policyKey'), policyKey, true]),
  ({ refused }) => refused && [t('fact.refused'), refused.join(t('list.comma'))],
  ({ allowed }) => allowed && [t('fact.allowed'), allowed.join(t('list.comma'))],
  ({ blocklistEntries }) => blocklistEntries && [t('fact.blocklist'), blocklistEntries.join(' '), true],
  ({ consents }) => {
    if (!consents || consents.length === 0) return undefined;
    const said = consents.map(({ id, state }) => `${id} (${t(CONSENTS[state] ?? 'fact.consent.other')})`);
    return [t('fact.consents'), said.join(t('list.comma'))];
  },
  ({ auditEntry, run }) => {
    if (auditEntry === undefined) return undefined;
    return [t('fact.audit'), run === undefined ? `#${auditEntry}` : `#${auditEntry} · ${run}`, true];
  },
  ({ option }) => (option === undefined ? undefined : [t('fact.option'), option, true]),
  ({ faces }) => (faces === undefined ? undefined : [t('fact.faces'), formatNumber(faces)]),
  ({ framesKept, framesTotal }) =>
    framesKept && framesTotal ? [t('fact.kept'), t('fact.kept.value', { framesKept, framesTotal })] : undefined,
  ({ width, height, maxPixels }) => {
    if (width === undefined || height === undefined) return undefined;
    const size = `${width} × ${height}`;
    return [t('fact.size'), maxPixels ? t('fact.most', { value: size, most: megapixels(maxPixels) }) : size];
  },
  ({ durationSeconds, maxDurationSeconds }) =>
    durationSeconds === undefined || maxDurationSeconds === undefined
      ? undefined
      : [
          t('fact.length'),
          t('fact.most', { value: formatDuration(durationSeconds), most: formatDuration(maxDurationSeconds) }),
        ],
  ({ maxBytes }) => (maxBytes === undefined ? undefined : [t('fact.maxBytes'), formatBytes(maxBytes)]),
  ({ neededBytes, limitBytes }) =>
    neededBytes === undefined || limitBytes === undefined
      ? undefined
      : [t('fact.memory'), t('fact.most', { value: formatBytes(neededBytes), most: formatBytes(limitBytes) })],
  ({ provider }) => (provider === undefined ? undefined : [t('fact.provider'), provider]),
  ({ scope }) => (scope === undefined ? undefined : [t('fact.scope'), scope, true]),
  ({ waiting, mostWaiting }) =>
    waiting === undefined || mostWaiting === undefined
      ? undefined
      : [t('fact.waiting'), t('fact.most', { value: formatNumber(waiting), most: formatNumber(mostWaiting) })],
  ({ retryAfterSeconds }) =>
    retryAfterSeconds === undefined ? undefined : [t('fact.retryAfter'), formatDuration(retryAfterSeconds)],
];

const megapixels = (pixels: number): string => `${formatNumber(pixels / 1e6)} MP`;

/** @param fps of the target, where it is known: positions are told as timecodes then */
export const factRows = (facts: ErrorFacts | undefined, fps?: number): readonly FactRow[] =>
  facts === undefined ? [] : ROWS.flatMap((row) => toList(row(facts, fps)));

const toList = (row: FactRow | undefined): readonly FactRow[] => (row ? [row] : []);
