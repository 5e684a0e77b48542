import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../state/verdicts.ts';
import { concludeFrom } from './conclusion.ts';

const NOTHING: Verdict = {
  ...{ kind: 'image', sha256: '0', couldReadMark: true, saysAltered: false, recorded: [] },
  credentials: { state: 'none' },
};
const mark = { installation: '0001', job: '00000002', confidence: 0.9 };
const entry = { entry: 3, time: '2026-11-29T00:00:00Z', job: 'a', processors: [] };

describe('what a verdict comes to', () => {
  it('does not call a file real because nothing was found', () => {
    expect(concludeFrom(NOTHING)).toMatchObject({ kind: 'info', title: 'verify.nothing' });
  });

  it('tells what was made here, changed since, and made elsewhere apart', () => {
    expect(concludeFrom({ ...NOTHING, mark, recorded: [{ ...entry, isSame: true }] }).title).toBe('verify.made');
    expect(concludeFrom({ ...NOTHING, mark, recorded: [{ ...entry, isSame: false }] }).title).toBe('verify.reencoded');
    expect(concludeFrom({ ...NOTHING, mark }).title).toBe('verify.foreign');
  });

  it('puts a signature that does not match before any other proof', () => {
    const found: Verdict = {
      ...NOTHING,
      mark,
      recorded: [{ ...entry, isSame: false }],
      credentials: { state: 'invalid' },
    };
    expect(concludeFrom(found)).toMatchObject({ kind: 'danger', title: 'verify.tampered' });
  });

  it('takes credentials of others for what they are, and a mere label for less', () => {
    expect(concludeFrom({ ...NOTHING, credentials: { state: 'valid' } }).title).toBe('verify.signed');
    expect(concludeFrom({ ...NOTHING, saysAltered: true }).title).toBe('verify.altered');
  });
});
