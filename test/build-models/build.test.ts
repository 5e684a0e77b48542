import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildModels } from '../../scripts/build-models/build.ts';
import { renderModelsPage } from '../../scripts/build-models/models-page.ts';
import { renderNotice } from '../../scripts/build-models/notice.ts';
import { PATHS } from '../../scripts/build-models/project-paths.ts';
import { isUpToDate } from '../../scripts/build-models/up-to-date.ts';
import { defaultModelDirectory, openModelStore } from '../../src/engine/inference/session.ts';
import { type ModelManifest, readManifest } from '../../src/engine/models/manifest.ts';

let directory: string;
let manifest: ModelManifest;

/** One build for the whole file, into a folder that holds a leftover of another version. */
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'facefusion-build-'));
  writeFileSync(join(directory, 'old_model.onnx'), 'x');
  manifest = buildModels(directory);
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('the model build', () => {
  it('gives these very files', async () => {
    const hashes = Object.fromEntries(manifest.models.map(({ id, sha256 }) => [id, sha256]));
    await expect(`${JSON.stringify(hashes, null, 2)}\n`).toMatchFileSnapshot('../golden/model-hashes.json');
  });

  it('gives the same as the build that made the models folder', async () => {
    expect(await readManifest(PATHS.models)).toEqual(manifest);
  });

  it('leaves its files, the manifest and nothing else', () => {
    const files = manifest.models.map(({ file }) => file);
    expect(readdirSync(directory).sort()).toEqual([...files, 'manifest.json'].sort());
  });

  it('writes a manifest that the product reads', async () => {
    expect(await readManifest(directory)).toEqual(manifest);
  });

  it('makes models that load, with the tensors the manifest promises', async () => {
    const store = await openModelStore({ directory, intraOpThreads: 1 });
    for (const { id, kind } of manifest.models) {
      const opened = kind === 'onnx' ? store.session(id) : store.table(id);
      await expect(opened).resolves.toBeDefined();
    }
    await store[Symbol.asyncDispose]();
  });

  it('calls nothing but faceplugin’s models merely declared', () => {
    const declared = manifest.models.filter(({ licence }) => licence.tier === 'declared');
    expect(declared.map(({ id }) => id)).toEqual(['fr_detect', 'fr_landmark', 'fr_feature']);
  });

  it('gives a triangle mesh on which every edge has one or two triangles', async () => {
    const store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
    const { uv, triangles } = await store.table<{ uv: [number, number][]; triangles: number[] }>('face_mesh_topology');
    expect(uv).toHaveLength(468);
    expect(uv.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(new Set(triangles).size).toBe(468);
    const edges = new Map<string, number>();
    for (let i = 0; i < triangles.length; i++) {
      const next = i % 3 === 2 ? i - 2 : i + 1;
      const edge = [triangles[i], triangles[next]].sort((a, b) => a - b).join('-');
      edges.set(edge, (edges.get(edge) ?? 0) + 1);
    }
    expect([...edges.values()].filter((count) => count > 2)).toEqual([]);
  });
});

describe('isUpToDate', () => {
  /** Changes a file, asks, and puts it back. */
  function whenChanged(file: string, content: Uint8Array | string, options = {}): boolean {
    const path = join(directory, file);
    const before = readFileSync(path);
    writeFileSync(path, content);
    try {
      return isUpToDate(directory, options);
    } finally {
      writeFileSync(path, before);
    }
  }

  it('is true after a build', () => {
    expect(isUpToDate(directory)).toBe(true);
    expect(isUpToDate(directory, { checkContents: true })).toBe(true);
  });

  it('is false where a model is missing or has another size', () => {
    expect(whenChanged('age_gender.onnx', 'short')).toBe(false);
    expect(isUpToDate(join(directory, 'nowhere'))).toBe(false);
  });

  it('sees another content of the same size when asked to look', () => {
    const content = readFileSync(join(directory, 'age_gender.onnx'));
    content[100] ^= 1;
    expect(whenChanged('age_gender.onnx', content)).toBe(true);
    expect(whenChanged('age_gender.onnx', content, { checkContents: true })).toBe(false);
  });

  it('is false where the manifest is damaged or came from other converters or packages', () => {
    expect(whenChanged('manifest.json', '{')).toBe(false);
    const other = { ...manifest, inputsHash: 'f'.repeat(64) };
    expect(whenChanged('manifest.json', JSON.stringify(other))).toBe(false);
  });
});

describe('committed pages', () => {
  it.each([
    ['NOTICE', PATHS.notice, renderNotice],
    ['docs/models.md', PATHS.page, renderModelsPage],
  ])('%s is what the build writes', (_, path, render) => {
    expect(readFileSync(path, 'utf8')).toBe(render());
  });

  it('NOTICE names every model, and carries every licence text', () => {
    const notice = renderNotice();
    for (const { id, source, licence } of manifest.models) {
      expect(notice).toContain(`${id}: ${licence.spdx}`);
      const text = join(PATHS.packages, source.package, 'LICENSE');
      if (existsSync(text)) expect(notice).toContain(readFileSync(text, 'utf8').replaceAll('\r\n', '\n').trim());
    }
    expect(notice).toContain('Apache License');
    expect(notice).toContain('END OF TERMS AND CONDITIONS');
  });
});
