/** Measurements as text, for people. */
import type { OccluderMeasures } from './occluders.ts';
import type { PairMeasures } from './quality.ts';
import type { QualityReport } from './quality-report.ts';
import type { Check } from './wanted.ts';

const three = (value: number): string => value.toFixed(3);

/** One line a pair. */
export function pairTable(pairs: readonly PairMeasures[]): string {
  const rows = pairs.map((pair) => [
    pair.set,
    `${pair.source} > ${pair.target}`,
    three(pair.identity),
    three(pair.identityToTarget),
    three(pair.ownIdentity),
    three(pair.ownIdentityToTarget),
    three(pair.expression),
    three(pair.opening),
    pair.psnr.toFixed(1),
    three(pair.ssim),
    pair.framePsnr.toFixed(1),
    three(pair.seam),
    pair.outcome === 'changed' ? '' : pair.outcome,
  ]);
  const heads = ['set', 'pair', 'fr', 'fr>T', 'own', 'own>T', 'expr', 'open', 'PSNR', 'SSIM', 'frame', 'seam', ''];
  return columns([heads, ...rows]);
}

/** One line a set: medians, and the minimum of the identity. Below, the pairs of the study alone. */
export function setTable({ sets, studySets }: QualityReport): string {
  const lines = [
    ...Object.entries(sets),
    ...Object.entries(studySets).map(([set, spreads]) => [`${set}, study`, spreads] as const),
  ];
  const rows = lines.map(([set, spreads]) => [
    set,
    String(spreads.identity.count),
    three(spreads.identity.median),
    three(spreads.identity.minimum),
    three(spreads.identity.mean),
    three(spreads.identityToTarget.median),
    three(spreads.ownIdentity.median),
    three(spreads.ownIdentityToTarget.median),
    three(spreads.expression.median),
    three(spreads.opening.median),
    spreads.psnr.median.toFixed(1),
    three(spreads.ssim.median),
    three(spreads.seam.median),
    three(spreads.seam.maximum),
  ]);
  const heads = [
    'set',
    'n',
    'fr',
    'min',
    'mean',
    'fr>T',
    'own',
    'own>T',
    'expr',
    'open',
    'PSNR',
    'SSIM',
    'seam',
    'max',
  ];
  return columns([heads, ...rows]);
}

/** One line an occluder. */
export function occluderTable(cases: readonly OccluderMeasures[]): string {
  const rows = cases.map(({ target, occluder, keptWithout, kept, faceLost, unswapped }) => [
    target,
    occluder,
    three(keptWithout),
    three(kept),
    three(faceLost),
    three(unswapped),
  ]);
  return columns([['target', 'occluder', 'unmasked', 'kept', 'lost', 'unswapped'], ...rows]);
}

/** One line a check. */
export function checkTable(checks: readonly Check[]): string {
  return columns(checks.map(({ name, value, wanted, passed }) => [passed ? 'ok' : 'NOT', name, three(value), wanted]));
}

/** Pads cells to columns: words to the left, numbers to the right. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)), []);
  const isNumber = widths.map((_, i) => rows.slice(1).every((row) => /^[-\d.]*$/.test(row[i])));
  return rows
    .map((row) => row.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}
