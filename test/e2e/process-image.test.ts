import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/core/image.ts';
import { defaultModelDirectory } from '../../src/engine/inference/session.ts';
import { detectFaces } from '../../src/runner/detect-faces.ts';
import { planRun } from '../../src/runner/plan-run.ts';
import { process, processImage } from '../../src/runner/process.ts';
import { pixelsBeyondMark } from '../helpers/beyond-mark.ts';
import { createRunFolder, mountSmallDisk } from '../helpers/run-folder.ts';
import { readPhoto, samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { tintProcessor } from '../helpers/tint-processor.ts';

const folder = createRunFolder();
const source = folder.at('source.png');
const target = folder.at('target.png');
const noFace = folder.at('no face, “quoted”.png');
const paths = (outputName: string) => ({
  sourcePaths: [source],
  targetPath: target,
  outputPath: folder.at(outputName),
});
const disk = mountSmallDisk(folder, 64);

beforeAll(async () => {
  await sharp(samplePhotoPath(1)).resize(900).png().toFile(source);
  await sharp(samplePhotoPath(4)).resize(900).png().toFile(target);
  await sharp({ create: { width: 320, height: 240, channels: 3, background: '#3a7d44' } })
    .png()
    .toFile(noFace);
});
afterAll(() => {
  disk?.unmount();
  folder.remove();
});

/** Pixels of which more than the mark differs, as their positions. */
function changedPixels(a: RgbImage, b: RgbImage): { x: number; y: number }[] {
  expect([b.width, b.height]).toEqual([a.width, a.height]);
  return pixelsBeyondMark(a, b);
}

describe('a photo', () => {
  it('is changed inside its faces and nowhere else', async () => {
    const progress: number[] = [];
    const result = await processImage(
      { ...paths('swap.png'), faceSelectorMode: 'many' },
      { onProgress: ({ done }) => progress.push(done) },
    );
    expect(result).toMatchObject({ outcome: 'completed', kind: 'image', width: 900 });
    expect(result.frames).toMatchObject({ total: 1, changed: 1 });
    expect(result.sources).toEqual([{ path: source, faces: 3, score: expect.any(Number) }]);
    expect(result.notes.map(({ code }) => code)).toContain('several-faces');
    expect(result.models.map(({ id }) => id)).toContain('face_mesh_attention');
    for (const { sha256 } of result.models) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(progress).toEqual([1]);

    const before = await readPhoto(target);
    const { faces } = await detectFaces(target);
    expect(faces).toHaveLength(4);
    const changed = changedPixels(before, await readPhoto(result.outputPath));
    // The warp reaches 0.35 face widths beyond the mesh.
    const near = ({ x, y }: { x: number; y: number }): boolean =>
      faces.some(({ box }) => {
        const margin = 0.5 * Math.max(box.x1 - box.x0, box.y1 - box.y0);
        return x > box.x0 - margin && x < box.x1 + margin && y > box.y0 - margin && y < box.y1 + margin;
      });
    expect(changed.filter((pixel) => !near(pixel))).toEqual([]);
    for (const { box } of faces) {
      const inside = changed.filter(({ x, y }) => x > box.x0 && x < box.x1 && y > box.y0 && y < box.y1);
      expect(inside.length).toBeGreaterThan(0.3 * (box.x1 - box.x0) * (box.y1 - box.y0));
    }
  });

  it('is told by stages that add up to the total', async () => {
    const { timing } = await process({ ...paths('timed.png'), faceSelectorMode: 'one' });
    const sum = Object.values(timing.stages).reduce((total, seconds) => total + seconds, 0);
    expect(Math.abs(sum - timing.totalSeconds)).toBeLessThanOrEqual(0.02 * timing.totalSeconds);
  });

  it.each([
    ['many', {}, 4],
    ['one', { faceSelectorMode: 'one' }, 1],
    ['reference', { faceSelectorMode: 'reference' }, 1],
    ['reference of everybody', { faceSelectorMode: 'reference', referenceFaceDistance: 1 }, 4],
    ['reference past the last face', { faceSelectorMode: 'reference', referenceFacePosition: 99 }, 1],
  ])('selector %s works on the faces it chose, and leaves all else but for the mark', async (_name, options, count) => {
    const tint = tintProcessor();
    const call = { ...paths('tint.png'), faceSelectorMode: 'many', force: true, ...options };
    await process(call, {}, { registry: [tint.definition] });
    expect(tint.regions).toHaveLength(count);
    expect(new Set(tint.calls.map(({ face }) => face.trackId)).size).toBe(count);
    expect(tint.calls.every(({ time }) => time.isStill)).toBe(true);
    const changed = changedPixels(await readPhoto(target), await readPhoto(folder.at('tint.png')));
    const inside = changed.filter(({ x, y }) =>
      tint.regions.some(({ x0, y0, x1, y1 }) => x >= x0 && x < x1 && y >= y0 && y < y1),
    );
    expect(inside.length).toBeGreaterThan(0);
    expect(changed.length).toBe(inside.length);
    expect(tint.disposed).toBe(1);
  });

  it('uses the first face in the order asked for', async () => {
    const leftmost = tintProcessor();
    const call = { ...paths('order.png'), faceSelectorMode: 'one', force: true };
    await process({ ...call, faceSelectorOrder: 'left-right' }, {}, { registry: [leftmost.definition] });
    const rightmost = tintProcessor();
    await process({ ...call, faceSelectorOrder: 'right-left' }, {}, { registry: [rightmost.definition] });
    expect(leftmost.regions[0]!.x1).toBeLessThan(rightmost.regions[0]!.x0);
  });

  it('says in its metadata that it was altered', async () => {
    await process({ ...paths('marked.jpg'), faceSelectorMode: 'one' }, {}, { registry: [tintProcessor().definition] });
    const { xmp } = await sharp(folder.at('marked.jpg')).metadata();
    expect(xmp?.toString()).toContain('DigitalSourceType');
  });
});

describe('no face', () => {
  it('in the target ends with TARGET_NO_FACE, and leaves nothing', async () => {
    const before = folder.list();
    await expect(processImage({ ...paths('nothing.png'), targetPath: noFace })).rejects.toMatchObject({
      code: 'TARGET_NO_FACE',
      message: expect.stringContaining('no face'),
      hint: expect.stringContaining('--on-no-face copy'),
    });
    expect(folder.list()).toEqual(before);
  });

  it('copies only into a file of the same format', async () => {
    const call = processImage({ ...paths('copied.jpg'), targetPath: noFace, onNoFace: 'copy' });
    await expect(call).rejects.toMatchObject({ code: 'OUTPUT_UNSUPPORTED' });
  });

  it('in the target copies its bytes where that was asked for', async () => {
    const result = await processImage({ ...paths('copied.png'), targetPath: noFace, onNoFace: 'copy' });
    expect(result).toMatchObject({ outcome: 'copied', width: 320, height: 240, frames: { total: 1, changed: 0 } });
    expect(result.notes.map(({ code }) => code)).toContain('target-copied');
    expect(readFileSync(result.outputPath).equals(readFileSync(noFace))).toBe(true);
  });

  it('in a source ends with SOURCE_NO_FACE and names the file', async () => {
    await expect(processImage({ ...paths('nothing.png'), sourcePaths: [source, noFace] })).rejects.toMatchObject({
      code: 'SOURCE_NO_FACE',
      message: expect.stringContaining('no face, “quoted”.png'),
    });
  });

  it('that the selector wants names the options to change', async () => {
    const call = { ...paths('nothing.png'), faceSelectorMode: 'many', faceSelectorAgeStart: 99 } as const;
    await expect(processImage(call)).rejects.toMatchObject({
      code: 'TARGET_NO_FACE',
      message: expect.stringContaining('4 faces were found'),
      hint: expect.stringContaining('--face-selector-age-start'),
    });
  });

  it('that could be worked on names the reason', async () => {
    const tint = tintProcessor(() => ({ kind: 'left-alone', reason: 'turned' }));
    const run = process({ ...paths('nothing.png'), faceSelectorMode: 'many' }, {}, { registry: [tint.definition] });
    await expect(run).rejects.toMatchObject({
      code: 'TARGET_NO_FACE',
      message: expect.stringContaining('turned away too far'),
    });
    expect(existsSync(folder.at('nothing.png'))).toBe(false);
  });
});

describe('what is wrong with the paths is found before any work', () => {
  const call = paths('out.png');
  it.each([
    ['a missing source', { ...call, sourcePaths: [folder.at('missing.png')] }, 'INPUT_NOT_FOUND'],
    ['a missing target', { ...call, targetPath: folder.at('missing.png') }, 'INPUT_NOT_FOUND'],
    ['a folder as target', { ...call, targetPath: folder.path }, 'INPUT_NOT_A_FILE'],
    ['a video as source', { ...call, sourcePaths: [sampleVideoPath('cap12_edit')] }, 'INPUT_UNSUPPORTED'],
    ['a video as target', { ...call, targetPath: sampleVideoPath('cap12_edit') }, 'INPUT_UNSUPPORTED'],
    ['the output on the target', { ...call, outputPath: target, force: true }, 'PATH_CONFLICT'],
    ['the output on a source', { ...call, outputPath: source, force: true }, 'PATH_CONFLICT'],
    ['an output without a folder', { ...call, outputPath: folder.at('missing/out.png') }, 'OUTPUT_FOLDER_MISSING'],
    ['an output that exists', { ...call, outputPath: noFace }, 'OUTPUT_EXISTS'],
    ['an output of no known format', { ...call, outputPath: folder.at('out.txt') }, 'OUTPUT_UNSUPPORTED'],
    ['an unknown option', { ...call, faceSwaperWeight: 1 }, 'OPTION_UNKNOWN'],
    ['no options', undefined, 'OPTION_MISSING'],
  ])('%s', async (_name, options, code) => {
    const before = folder.list();
    // A folder without models: whoever got that far would fail with MODEL_NOT_FOUND.
    await expect(processImage(options, { modelDirectory: folder.path })).rejects.toMatchObject({ code });
    expect(folder.list()).toEqual(before);
  });

  it('a text file with the name of a photo', async () => {
    writeFileSync(folder.at('text.png'), 'This is no photo.');
    await expect(processImage({ ...call, targetPath: folder.at('text.png') })).rejects.toMatchObject({
      code: 'INPUT_UNSUPPORTED',
    });
  });

  it('a truncated photo', async () => {
    copyFileSync(target, folder.at('cut.png'));
    truncateSync(folder.at('cut.png'), 50_000);
    await expect(processImage({ ...call, targetPath: folder.at('cut.png') })).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    });
    expect(existsSync(call.outputPath)).toBe(false);
  });
});

describe('a run that fails later', () => {
  it('names a model that does not match its sha256', async () => {
    const models = folder.at('models');
    cpSync(defaultModelDirectory(), models, { recursive: true });
    const victim = readdirSync(models).find((name) => name.startsWith('face_mesh_attention'))!;
    truncateSync(join(models, victim), 100_000);
    const run = processImage(paths('corrupt.png'), { modelDirectory: models });
    await expect(run).rejects.toMatchObject({ code: 'MODEL_CORRUPT', message: expect.stringContaining(victim) });
    expect(existsSync(folder.at('corrupt.png'))).toBe(false);
  });

  it('leaves nothing when it is cancelled', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const tint = tintProcessor(() => {
      controller.abort(reason);
      return undefined;
    });
    const before = folder.list();
    const call = { ...paths('cancelled.png'), faceSelectorMode: 'one' };
    const run = process(call, { signal: controller.signal }, { registry: [tint.definition] });
    await expect(run).rejects.toMatchObject({ code: 'CANCELLED', cause: reason });
    expect(folder.list()).toEqual(before);
    expect(tint.disposed).toBe(1);
  });

  it('does not begin when it was cancelled before', async () => {
    const signal = AbortSignal.abort();
    await expect(process(paths('cancelled.png'), { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it.skipIf(!disk)('says that the disk is full, and leaves nothing on it', async () => {
    const outputPath = join(disk!.path, 'out.png');
    const call = { ...paths('x.png'), outputPath, faceSelectorMode: 'one' };
    await expect(process(call, {}, { registry: [tintProcessor().definition] })).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      hint: expect.stringMatching(/full/i),
    });
    expect(readdirSync(disk!.path)).toEqual([]);
  });
});

describe('a plan', () => {
  it('says what would happen and touches nothing', async () => {
    const before = folder.list();
    const plan = await planRun({ ...paths('planned.webp'), faceSelectorGender: 'female' });
    expect(plan).toMatchObject({
      kind: 'image',
      target: { path: target, format: 'png' },
      output: { path: folder.at('planned.webp'), format: 'webp' },
    });
    expect(plan.models.map(({ id }) => id)).toEqual(expect.arrayContaining(['face_recognition', 'age_gender']));
    expect(plan.options.faceEnhancerBlend).toBe(80);
    expect(folder.list()).toEqual(before);
  });

  it('fails where the run would', async () => {
    await expect(planRun({ ...paths('x.png'), targetPath: folder.at('gone.png') })).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
    });
  });
});
