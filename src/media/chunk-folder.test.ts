import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChunkFolder, openChunkFolder, requireResumable } from './chunk-folder.ts';
import type { ChunkRecord } from './chunk-journal.ts';

let folder: string;
let output: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chunk-folder-'));
  output = join(folder, 'out.mp4');
});
afterEach(() => rmSync(folder, { recursive: true }));

const record = (index: number): ChunkRecord => ({
  index,
  startFrame: index * 10,
  endFrame: index * 10 + 10,
  frames: 10,
  firstSeconds: index,
  lastSeconds: index + 0.9,
  lastReadSeconds: index + 0.9,
  bytes: 5,
  facts: { chosen: true },
});
const state = (index: number): Uint8Array => new Uint8Array([index, 2, 3]);

async function make(chunks: ChunkFolder, index: number): Promise<void> {
  writeFileSync(chunks.chunkPath(index), 'chunk');
  await chunks.commit(record(index), state(index));
}

/** A folder with chunks 0 and 1, closed again. */
async function unfinished(): Promise<void> {
  await using chunks = await openChunkFolder(output, 'key', '.mp4');
  await make(chunks, 0);
  await make(chunks, 1);
}

describe('openChunkFolder', () => {
  it('finds what was committed, with its state', async () => {
    await unfinished();
    await using chunks = await openChunkFolder(output, 'key', '.mp4');
    expect([...chunks.chunks.values()]).toEqual([record(0), record(1)]);
    expect(new Uint8Array((await chunks.readState(1))!)).toEqual(state(1));
    expect(chunks.replacedOther).toBe(false);
  });

  it('lets nobody else read it', async () => {
    await unfinished();
    const path = `${output}.chunks`;
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, 'chunk-000000.state')).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, 'journal.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('begins anew for other inputs, and says so', async () => {
    await unfinished();
    await using chunks = await openChunkFolder(output, 'another', '.mp4');
    expect(chunks.chunks.size).toBe(0);
    expect(chunks.replacedOther).toBe(true);
    expect(readdirSync(chunks.path)).toEqual(['journal.jsonl']);
  });

  it('does not count a chunk whose line is torn, and removes its files', async () => {
    await unfinished();
    const journal = join(`${output}.chunks`, 'journal.jsonl');
    const text = readFileSync(journal, 'utf8');
    writeFileSync(journal, text.slice(0, -20));
    await using chunks = await openChunkFolder(output, 'key', '.mp4');
    expect([...chunks.chunks.keys()]).toEqual([0]);
    expect(existsSync(chunks.chunkPath(1))).toBe(false);
    await make(chunks, 1);
    await using again = await openChunkFolder(output, 'key', '.mp4');
    expect([...again.chunks.keys()]).toEqual([0, 1]);
  });

  it('does not count a chunk whose file has another size', async () => {
    await unfinished();
    appendFileSync(join(`${output}.chunks`, 'chunk-000001.mp4'), 'more');
    await using chunks = await openChunkFolder(output, 'key', '.mp4');
    expect([...chunks.chunks.keys()]).toEqual([0]);
  });

  it('removes files of chunks that never counted', async () => {
    await unfinished();
    writeFileSync(join(`${output}.chunks`, 'chunk-000002.mp4.part'), 'half');
    await using chunks = await openChunkFolder(output, 'key', '.mp4');
    expect(readdirSync(chunks.path).sort()).toEqual([
      'chunk-000000.mp4',
      'chunk-000000.state',
      'chunk-000001.mp4',
      'chunk-000001.state',
      'journal.jsonl',
    ]);
  });

  it('does not give a state that was changed', async () => {
    await unfinished();
    writeFileSync(join(`${output}.chunks`, 'chunk-000001.state'), new Uint8Array([9]));
    await using chunks = await openChunkFolder(output, 'key', '.mp4');
    expect(await chunks.readState(1)).toBeUndefined();
    expect(await chunks.readState(0)).toBeDefined();
  });

  it('remembers where the target ended', async () => {
    {
      await using chunks = await openChunkFolder(output, 'key', '.mp4');
      await chunks.commitEnd(20);
    }
    await using chunks = await openChunkFolder(output, 'key', '.mp4');
    expect(chunks.endFrame).toBe(20);
  });

  it('is gone after remove', async () => {
    await using chunks = await openChunkFolder(output, 'key', '.mp4');
    await make(chunks, 0);
    await chunks.remove();
    expect(existsSync(chunks.path)).toBe(false);
  });
});

describe('requireResumable', () => {
  it('passes where chunks of the same key are', async () => {
    await unfinished();
    await expect(requireResumable(output, 'key')).resolves.toBeUndefined();
  });

  it('refuses where nothing is', async () => {
    await expect(requireResumable(output, 'key')).rejects.toMatchObject({ code: 'RESUME_MISMATCH' });
  });

  it('refuses chunks of other inputs, and leaves them', async () => {
    await unfinished();
    await expect(requireResumable(output, 'other')).rejects.toMatchObject({ code: 'RESUME_MISMATCH' });
    await expect(requireResumable(output, 'key')).resolves.toBeUndefined();
  });
});
