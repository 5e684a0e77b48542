import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandBatch } from './expand-batch.ts';

const folder = mkdtempSync(join(tmpdir(), 'facefusion-batch-'));
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(() => {
  mkdirSync(at('faces'));
  mkdirSync(at('clips', 'deep'), { recursive: true });
  for (const name of ['faces/b.jpg', 'faces/a$&.jpg', 'clips/2.mp4', 'clips/10.mp4', 'clips/deep/3.MOV']) {
    writeFileSync(at(name), '');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('runs of a batch', () => {
  it('are every source on every target, in the order of their names', async () => {
    const runs = await expandBatch({
      sourcePattern: at('faces/*.jpg'),
      targetPattern: at('clips/**/*.{mp4,MOV}'),
      outputPattern: at('out/{index}-{source_name}-{target_name}{target_extension}'),
    });
    expect(runs.map(({ output }) => output.slice(folder.length + 5))).toEqual([
      ...['0-a$&-2.mp4', '1-a$&-10.mp4', '2-a$&-3.MOV', '3-b-2.mp4', '4-b-10.mp4', '5-b-3.MOV'],
    ]);
    expect(runs[0]).toMatchObject({ source: at('faces/a$&.jpg'), target: at('clips/2.mp4') });
  });

  it('are one a target where there are no sources', async () => {
    const runs = await expandBatch({ targetPattern: at('clips/*.mp4'), outputPattern: at('{target_name}.mp4') });
    expect(runs.map(({ source }) => source)).toEqual([undefined, undefined]);
  });

  it('refuse a name that stands for nothing, and say which was meant', async () => {
    const batch = { targetPattern: at('clips/*.mp4'), outputPattern: at('{target_nam}.mp4') };
    await expect(expandBatch(batch)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      hint: 'Did you mean {target_name}?',
    });
    await expect(expandBatch({ ...batch, outputPattern: '{source_name}.mp4' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('no --source-pattern'),
    });
  });

  it('refuse two that would write the same file', async () => {
    const batch = { targetPattern: at('clips/*.mp4'), outputPattern: at('same.mp4') };
    await expect(expandBatch(batch)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      hint: expect.stringContaining('{index}'),
    });
  });

  it('say which pattern fits nothing', async () => {
    const batch = { targetPattern: at('clips/*.avi'), outputPattern: at('{index}.mp4') };
    await expect(expandBatch(batch)).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
      message: expect.stringContaining('--target-pattern'),
    });
  });
});
