/** What no run goes around: moderation, lists, consent, policy, the invisible mark and the audit log. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import { errorFactsOf } from '../../src/core/error-facts.ts';
import { type AppError, isAppError } from '../../src/core/errors.ts';
import { createWatermarkDetector, type WatermarkReading } from '../../src/engine/watermark/detect-watermark.ts';
import { probeVideo } from '../../src/media/probe.ts';
import { readVideoFrame } from '../../src/media/video-reader.ts';
import { addToBlocklist, removeFromBlocklist } from '../../src/runner/persons/blocklist.ts';
import { addConsent, revokeConsent } from '../../src/runner/persons/consent.ts';
import { previewFrame } from '../../src/runner/preview.ts';
import { processImage, processVideo } from '../../src/runner/process.ts';
import { auditFolder } from '../../src/trust/audit/audit-log.ts';
import { type AuditRecord, readAudit } from '../../src/trust/audit/read-audit.ts';
import { openInstallationKeys } from '../../src/trust/keys/installation-keys.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { writeUserModels } from '../helpers/user-model-folder.ts';

const folder = createRunFolder();
const target = folder.at('target.png');
const face = folder.at('face.png');
const modelFolder = folder.at('models');

/** Keys, log and lists of this file alone. */
const saved = { ...process.env };
beforeAll(async () => {
  process.env.FACEFUSION_KEYS = folder.at('keys');
  process.env.FACEFUSION_AUDIT = folder.at('audit');
  process.env.FACEFUSION_DATA_FOLDER = folder.at('data');
  await sharp(samplePhotoPath(6)).resize(600).png().toFile(target);
  // The face of the source by itself: lists and consents want photos of one person.
  const { faces } = await (await import('../../src/runner/detect-faces.ts')).detectFaces(samplePhotoPath(4));
  const { x0, y0, x1, y1 } = faces[0]!.box;
  const margin = Math.round((x1 - x0) * 0.5);
  const photo = sharp(samplePhotoPath(4));
  const { width, height } = await photo.metadata();
  const [left, top] = [Math.max(0, x0 - margin), Math.max(0, y0 - margin)];
  await photo
    .extract({ left, top, width: Math.min(width, x1 + margin) - left, height: Math.min(height, y1 + margin) - top })
    .png()
    .toFile(face);
  await writeUserModels(modelFolder, [{ id: 'nsfw_2', bytes: brightnessOnnx() }]);
});
afterEach(() => {
  delete process.env.FACEFUSION_POLICY;
});
afterAll(() => {
  process.env = saved;
  folder.remove();
});

/** An analyser that takes bright pictures for forbidden ones: the mean of the input, -1..1, against 0. */
function brightnessOnnx(): Uint8Array {
  const graph = new OnnxGraph();
  const mean = graph.node('ReduceMean', [graph.input('input', [1, 3, 384, 384])], { keepdims: 0 });
  const row = graph.node('Reshape', [mean, graph.int64([1, 1])]);
  const zero = graph.node('Mul', [row, graph.scalar(0)]);
  graph.output('output', graph.node('Concat', [row, zero], { axis: 1 }), [1, 2]);
  return graph.toBytes();
}

const policy = (text: string): void => {
  const path = folder.at('policy.yaml');
  writeFileSync(path, text, { mode: 0o600 });
  process.env.FACEFUSION_POLICY = path;
};

const entries = async (): Promise<AuditRecord[]> => {
  const all: AuditRecord[] = [];
  for await (const record of readAudit(auditFolder())) all.push(record);
  return all;
};
const refusalOf = async (run: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await run.then(
    () => undefined,
    (thrown) => thrown,
  );
  if (!isAppError(error)) throw new Error(`Expected a refusal, received ${String(error)}.`);
  return error;
};
const swap = (outputPath: string, more: object = {}) =>
  processImage({ sourcePaths: [face], targetPath: target, outputPath, ...more });

async function readMark(path: string): Promise<WatermarkReading | undefined> {
  const { watermark } = await openInstallationKeys();
  const { data, info } = await sharp(path).removeAlpha().greyscale().raw().toBuffer({ resolveWithObject: true });
  return createWatermarkDetector(watermark).detect(data, info);
}

describe('every output', () => {
  it('is in the audit log before it is there, with what it was made of', async () => {
    const output = folder.at('audited.png');
    await swap(output);
    const [begun, published] = (await entries()).slice(-2);
    expect(begun!.line.kind).toBe('run.begun');
    expect(published!.line.kind).toBe('output.published');
    const { facts } = published!.line;
    const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    expect(facts).toMatchObject({
      output: { sha256: sha256(output), bytes: readFileSync(output).length },
      ...{ target: sha256(target), sources: [sha256(face)], processors: ['face_swapper'] },
      moderation: { looks: 3 },
    });
    expect(begun!.line.facts.job).toBe(facts.job);
    expect(JSON.stringify(facts)).not.toContain('audited');
    expect(published!.personal.output).toBe(output);
  });

  it('carries the mark of this installation and its job, also smaller and as a JPEG', async () => {
    const output = folder.at('marked.png');
    await swap(output);
    const { facts } = (await entries()).at(-1)!.line;
    const { id } = await openInstallationKeys();
    expect((await readMark(output))?.payload).toEqual({ installation: id, job: facts.job });
    const small = folder.at('small.jpg');
    await sharp(output).resize(450).jpeg({ quality: 60 }).toFile(small);
    expect((await readMark(small))?.payload).toEqual({ installation: id, job: facts.job });
    expect(await readMark(target)).toBeUndefined();
  });

  it('is marked in every frame of a video, and a preview is marked like a photo', async () => {
    const [output, still] = [folder.at('marked.mp4'), folder.at('still.png')];
    const options = { sourcePaths: [face], targetPath: sampleVideoPath('cap12_edit'), trimFrameEnd: 15 };
    const latestFramePath = folder.at('latest.jpg');
    await processVideo({ ...options, outputPath: output }, { latestFramePath });
    const { facts } = (await entries()).at(-1)!.line;
    const { watermark, id } = await openInstallationKeys();
    const detector = createWatermarkDetector(watermark);
    const info = await probeVideo(output);
    for (const index of [0, 7, 14]) {
      const { data, width, height } = await readVideoFrame(output, info, index);
      const reading = detector.detect(data.subarray(0, width * height), { width, height });
      expect(reading?.payload, `frame ${index}`).toEqual({ installation: id, job: facts.job });
    }
    // Whoever watches a run gets pictures of it that are outputs, too.
    expect((await sharp(latestFramePath).metadata()).width).toBeLessThanOrEqual(480);
    expect((await readMark(latestFramePath))?.payload).toEqual({ installation: id, job: facts.job });
    await previewFrame({ ...options, outputPath: still }, 5);
    expect((await readMark(still))?.payload.installation).toBe(id);
    expect((await entries()).at(-1)!.line.kind).toBe('output.published');
  });
});

it('a run that ends without an output is in the audit log, too', async () => {
  const controller = new AbortController();
  const options = { sourcePaths: [face], targetPath: sampleVideoPath('cap12_edit'), outputPath: folder.at('cut.mp4') };
  const error = await refusalOf(
    processVideo({ ...options, trimFrameEnd: 60 }, { signal: controller.signal, onProgress: () => controller.abort() }),
  );
  expect(error.code).toBe('CANCELLED');
  expect((await entries()).at(-1)!.line).toMatchObject({ kind: 'run.failed', facts: { code: 'CANCELLED' } });
});

describe('moderation', () => {
  const strict = { contentAnalyserModels: ['nsfw_2'], modelFolder, licensePolicy: 'any' };
  const white = (name: string): Promise<string> => {
    const path = folder.at(name);
    return sharp(face)
      .linear(0.45, 140)
      .toFile(path)
      .then(() => path);
  };

  it('refuses a source, says why, keeps nothing and records it', async () => {
    const output = folder.at('blocked.png');
    const error = await refusalOf(swap(output, { sourcePaths: [await white('bright.png')], ...strict }));
    expect(error).toMatchObject({ code: 'CONTENT_BLOCKED', exitCode: 8 });
    expect(error.message).toMatch(/^The source shows sexual content: .*nsfw_2 0\.\d\d, from 0\.25\.$/);
    expect(existsSync(output)).toBe(false);
    const { line } = (await entries()).at(-1)!;
    expect(line).toMatchObject({
      kind: 'run.refused',
      facts: { job: expect.stringMatching(/^[0-9a-f]{8}$/), code: 'CONTENT_BLOCKED', details: { role: 'source' } },
    });
    const { job: run } = line.facts;
    expect(errorFactsOf(error)).toMatchObject({
      ...{ category: 'sexual-content', role: 'source', auditEntry: line.seq, run },
      ...{ limitSetBy: 'model', model: 'nsfw_2', score: expect.any(Number), limit: 0.25 },
    });
  });

  it('refuses a video where a scene turns bright, with the time, and keeps no chunk', async () => {
    const clip = folder.at('turns-bright.mp4');
    const { ffmpeg } = await import('../helpers/make-media.ts');
    const filter =
      "[0:v]trim=end_frame=100,split[a][b];[b]lutyuv=y='215+val*0.12':u=128:v=128[c];[a]trim=end_frame=60[d];[c]trim=start_frame=60,setpts=PTS-STARTPTS[e];[d][e]concat";
    await ffmpeg('-i', sampleVideoPath('cap12_edit'), '-filter_complex', filter, '-an', clip);
    const output = folder.at('bright.mp4');
    const options = { sourcePaths: [face], targetPath: clip, outputPath: output, videoChunkSize: 20, ...strict };
    const error = await refusalOf(processVideo(options));
    expect(error.code).toBe('CONTENT_BLOCKED');
    expect(error.message).toMatch(/^The target shows sexual content at 00:00:0[23]\.\d+ \(frame (6|7)\d\)/);
    expect(folder.list().filter((name) => name.startsWith('bright.mp4'))).toEqual([]);
  });
});

describe('lists, consent and policy', () => {
  it('refuse a listed person as source and as target', async () => {
    const listed = await addToBlocklist('somebody', [face]);
    try {
      const asSource = await refusalOf(swap(folder.at('listed.png')));
      expect(asSource).toMatchObject({ code: 'POLICY_FORBIDS', exitCode: 8, details: { role: 'source' } });
      expect(asSource.message).not.toContain('somebody');
      const asTarget = await refusalOf(
        processImage({ sourcePaths: [samplePhotoPath(1)], targetPath: face, outputPath: folder.at('listed.png') }),
      );
      expect(asTarget).toMatchObject({ details: { role: 'target', persons: [{ id: listed.id }] } });
      expect(errorFactsOf(asTarget)).toEqual({
        ...{ category: 'listed-face', role: 'target', blocklistEntries: [listed.id], frame: 0, seconds: 0 },
        ...{ policyKey: 'blocklist.threshold', limitSetBy: 'default' },
        ...{ run: expect.any(String), auditEntry: (await entries()).at(-1)!.line.seq },
      });
      expect(existsSync(folder.at('listed.png'))).toBe(false);
      expect((await entries()).at(-1)!.line.kind).toBe('run.refused');
    } finally {
      await removeFromBlocklist(listed.id);
    }
    await swap(folder.at('listed.png'));
  });

  it('refuse a listed person that comes out of two who are not listed', async () => {
    // A result is much like its source: only the strictest comparison tells them apart.
    policy('blocklist:\n  threshold: 0.97\n');
    const painting = join(dirname(sampleVideoPath('cap12_edit')), 'joconde.jpg');
    const made = folder.at('made.png');
    await processImage({ sourcePaths: [painting], targetPath: face, outputPath: made });
    const listed = await addToBlocklist('who comes out', [made]);
    try {
      const output = folder.at('made-again.png');
      const refusal = await refusalOf(processImage({ sourcePaths: [painting], targetPath: face, outputPath: output }));
      expect(refusal).toMatchObject({
        code: 'POLICY_FORBIDS',
        details: { role: 'result', persons: [{ id: listed.id }] },
      });
      expect(existsSync(output)).toBe(false);
    } finally {
      await removeFromBlocklist(listed.id);
    }
  });

  it('ask for a consent of the person whose face is used', async () => {
    policy('consent: required\n');
    const output = folder.at('consent.png');
    expect((await refusalOf(swap(output))).message).toMatch(/asks for consent/);
    const consent = await addConsent({
      ...{ subject: 'p-1', photos: [face], uses: ['face_swapper'], until: '2099-01-01' },
      ...{ evidence: target, by: 'tests' },
    });
    await swap(output);
    expect((await entries()).at(-1)!.line.facts).toMatchObject({ consents: [consent.id] });
    await revokeConsent(consent.id, 'tests');
    expect((await refusalOf(swap(output, { force: true }))).message).toMatch(/revoked/);
    expect((await refusalOf(swap(output, { force: true, consent: 'c-000000000000' }))).message).toMatch(
      /no consent c-0/,
    );
  });

  it('refuse listed words in names and in metadata, however they are spelled', async () => {
    writeFileSync(folder.at('words.txt'), 'quibblezorp\n', { mode: 0o600 });
    policy('words:\n  files: [words.txt]\n');
    expect((await refusalOf(swap(folder.at('Q.u.i.b.b.l.e-Zorp.png')))).message).toMatch(/name of the output/);
    const titled = folder.at('titled.png');
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A quibblezorp at home</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`;
    await sharp(target).withXmp(xmp).png().toFile(titled);
    const photo = await refusalOf(swap(folder.at('never.png'), { targetPath: titled }));
    expect(photo).toMatchObject({
      code: 'CONTENT_BLOCKED',
      message: expect.stringContaining('metadata of the target'),
    });
    const clip = folder.at('titled.mp4');
    const { ffmpeg } = await import('../helpers/make-media.ts');
    const source = sampleVideoPath('cap12_edit');
    await ffmpeg('-i', source, '-t', '1', '-c', 'copy', '-metadata', 'title=My QUIBBLEZORP', clip);
    const call = { sourcePaths: [face], targetPath: clip, outputPath: folder.at('never.mp4') };
    expect((await refusalOf(processVideo(call))).code).toBe('CONTENT_BLOCKED');
    expect(folder.list().filter((name) => name.startsWith('never'))).toEqual([]);
    expect((await entries()).at(-1)!.line.kind).toBe('run.refused');
  });

  it('stop a run that the policy does not allow, and every run where it cannot be read', async () => {
    policy('processors: [face_enhancer]\n');
    expect((await refusalOf(swap(folder.at('never.png')))).code).toBe('POLICY_FORBIDS');
    policy('moderation: off\n');
    expect((await refusalOf(swap(folder.at('never.png')))).code).toBe('POLICY_INVALID');
    expect(existsSync(folder.at('never.png'))).toBe(false);
  });
});
