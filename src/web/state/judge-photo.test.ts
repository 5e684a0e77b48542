import { expect, test } from 'vitest';
import { judge } from './judge-photo.ts';

const face = (width: number, yawDegrees = 0): Parameters<typeof judge>[0][number] => ({
  box: { x0: 10, y0: 10, x1: 10 + width, y1: 10 + width },
  ...{ score: 0.9, landmarks5: [], pose: { yawDegrees, pitchDegrees: 0, rollDegrees: 0 } },
});

test.each([
  ['nobody', [], { kind: 'none' }],
  ['two', [face(300), face(200)], { kind: 'several', count: 2 }],
  ['a small one', [face(120.4)], { kind: 'small', pixels: 120 }],
  ['one from the side', [face(300, -50)], { kind: 'turned' }],
  ['one that is good', [face(300, 10)], { kind: 'clear' }],
] as const)('of a photo with %s', (_, faces, note) => {
  expect(judge([...faces])).toEqual(note);
});
