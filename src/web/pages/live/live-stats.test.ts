import { expect, it } from 'vitest';
import { LiveCounter } from './live-stats.ts';

const SIZE = { width: 640, height: 480, faces: 1 };

it('counts from the beginning, and tells rates and latency of the last second', () => {
  const counter = new LiveCounter();
  for (let at = 0; at < 2000; at += 40) {
    counter.captured(at);
    counter.shown(at + 30, at < 1000 ? 500 : 30, at === 0 ? { ...SIZE, faces: 0 } : SIZE);
  }
  counter.dropped(3);
  expect(counter.stats(2000)).toEqual({
    ...{ shown: 50, dropped: 3, withoutFace: 1, fps: 25, cameraFps: 25, latencyMs: 30 },
    ...SIZE,
  });
});

it('has no latency before anything was shown', () => {
  const counter = new LiveCounter();
  expect(counter.stats(0)).toEqual({
    ...{ shown: 0, dropped: 0, withoutFace: 0, fps: 0, cameraFps: 0, latencyMs: undefined },
    ...{ width: 0, height: 0, faces: 0 },
  });
});
