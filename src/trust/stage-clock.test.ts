import { expect, it } from 'vitest';
import { StageClock } from './stage-clock.ts';

it('gives every moment to exactly one stage', () => {
  let time = 1000;
  const clock = new StageClock(() => time);
  const spend = (milliseconds: number): void => {
    time += milliseconds;
  };
  spend(100);
  clock.enter('decode');
  spend(300);
  clock.enter('process');
  spend(200);
  clock.enter('decode');
  spend(500);
  const timing = clock.timing(10);
  expect(timing.stages).toEqual({ check: 0.1, decode: 0.8, process: 0.2 });
  expect(timing.totalSeconds).toBeCloseTo(1.1, 9);
  expect(timing.framesPerSecond).toBeCloseTo(10, 9);
  spend(50);
  expect(clock.timing().totalSeconds).toBeCloseTo(1.15, 9);
  expect(clock.timing().framesPerSecond).toBeUndefined();
});
