import { describe, expect, it } from 'vitest';
import { isAppError } from '../../core/errors.ts';
import { policySchema } from '../policy/policy-schema.ts';
import {
  addPart,
  closePart,
  judgeParts,
  noteLook,
  noteYoungFace,
  type PartFindings,
  STRICTER,
} from './part-findings.ts';
import { noFindings } from './run-guard.ts';

const installed = { policy: policySchema.parse({}), origin: {}, hash: '', file: undefined };
const { threshold } = installed.policy.moderation;

const part = (target: number, sawYoungFace = false): PartFindings => ({ looks: 1, scores: { target }, sawYoungFace });

function codeOf(parts: readonly PartFindings[]): string | undefined {
  try {
    judgeParts(parts, { installed });
    return undefined;
  } catch (error) {
    return isAppError(error) ? error.code : 'other';
  }
}

describe('what was found in a part', () => {
  it('counts for the run and is taken out of it part by part', () => {
    const found = noFindings();
    noteLook(found, 'target', 0.2);
    noteLook(found, 'result', 0.1);
    const first = closePart(found);
    expect(first).toEqual({ looks: 2, scores: { target: 0.2, result: 0.1 }, sawYoungFace: false });
    noteLook(found, 'target', 0.1);
    noteYoungFace(found);
    expect(closePart(found)).toEqual({ looks: 1, scores: { target: 0.1 }, sawYoungFace: true });
    expect(found).toMatchObject({ looks: 3, scores: { target: 0.2, result: 0.1 }, sawYoungFace: true });
  });

  it('is taken up by the run that joins it', () => {
    const found = noFindings();
    noteLook(found, 'target', 0.3);
    addPart(found, { looks: 4, scores: { target: 0.2, result: 0.4 }, sawYoungFace: true });
    expect(found).toMatchObject({ looks: 5, scores: { target: 0.3, result: 0.4 }, sawYoungFace: true });
  });
});

describe('parts of different runs', () => {
  const between = threshold * (STRICTER + 1) * 0.5;

  it('are refused where one is above the lower limit behind a face that may be too young', () => {
    expect(codeOf([part(0.1, true), part(0.1), part(between)])).toBe('CONTENT_BLOCKED');
  });

  it('pass where it is before, in the run that saw both, or below', () => {
    expect(codeOf([part(between), part(0.1, true), part(0.1)])).toBeUndefined();
    expect(codeOf([part(between, true)])).toBeUndefined();
    expect(codeOf([part(0.1, true), part(threshold * STRICTER * 0.9)])).toBeUndefined();
    expect(codeOf([part(between), part(between)])).toBeUndefined();
  });
});
