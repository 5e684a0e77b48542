import { describe, expect, it } from 'vitest';
import { parseProcessOptions } from '../../core/options.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { speedKey } from './speed-key.ts';
import { estimateBy, estimateSeconds, type MeasuredRun, rememberRun } from './speeds.ts';

const run = (more: Partial<MeasuredRun> = {}): MeasuredRun => ({
  ...{ frames: 100, megapixels: 1, frameSeconds: 10, otherSeconds: 2 },
  ...more,
});

describe('an estimate', () => {
  it('is what was measured, for more frames and pixels', () => {
    expect(estimateBy([run()], 100, 1)).toEqual({ seconds: 12, runs: 1 });
    expect(estimateBy([run()], 1000, 1.5).seconds).toBeCloseTo(152, 9);
  });

  it('goes by medians', () => {
    const runs = [run(), run({ frameSeconds: 12 }), run({ frameSeconds: 500, otherSeconds: 90 })];
    expect(estimateBy(runs, 100, 1)).toEqual({ seconds: 14, runs: 3 });
    expect(estimateBy([run(), run({ frameSeconds: 12 })], 100, 1).seconds).toBeCloseTo(13, 9);
  });

  it('is absent where nothing like it was measured', () => {
    expect(estimateBy([], 100, 1)).toEqual({ runs: 0 });
    expect(estimateBy([run({ megapixels: 8 }), run({ megapixels: 0.3 })], 100, 1)).toEqual({ runs: 0 });
  });
});

describe('runs', () => {
  it('are remembered, the last twenty of each sort', async () => {
    await using store = openSqliteStore(':memory:');
    expect(await estimateSeconds(store, 'a', { frames: 1, megapixels: 1 })).toEqual({ runs: 0 });
    for (let i = 0; i < 30; i++) await rememberRun(store, 'a', run({ frameSeconds: i < 15 ? 1000 : 10 }), Date.now());
    await rememberRun(store, 'b', run({ frames: 0 }), Date.now());
    expect(await estimateSeconds(store, 'a', { frames: 100, megapixels: 1 })).toEqual({ seconds: 12, runs: 20 });
    expect(await estimateSeconds(store, 'b', { frames: 100, megapixels: 1 })).toEqual({ runs: 0 });
  });

  it('are alike where what differs costs no time', () => {
    const paths = { sourcePaths: ['a.png'], targetPath: 'b.mp4', outputPath: 'c.mp4' };
    const key = (more: object = {}, mapsPeople = false) =>
      speedKey(parseProcessOptions({ ...paths, ...more }), 'video', mapsPeople, 100);
    expect(key({ targetPath: 'd.mp4', faceMaskBlur: 0.5, trimFrameEnd: 9, preset: undefined })).toBe(key());
    const others = [{ faceDetectorSize: '192x192' }, { processors: ['face_enhancer'] }, { outputVideoPreset: 'slow' }];
    for (const other of others) expect(key(other)).not.toBe(key());
    expect(key({}, true)).not.toBe(key());
    const off = (start: number, end: number, more = {}) => key({ ranges: [{ start, end, off: true, ...more }] });
    expect(off(0, 50)).not.toBe(key());
    expect(off(20, 71)).toBe(off(0, 50));
    expect(off(0, 80)).not.toBe(off(0, 50));
    expect(off(0, 50, { off: false, options: { faceMaskBlur: 0.5 } })).not.toBe(off(0, 50));
    expect(speedKey(parseProcessOptions(paths), 'image', false, 100)).not.toBe(key());
  });
});
