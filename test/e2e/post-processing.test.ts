/** What is made of published outputs: it has their mark, labels, metadata and credentials, or it is not made. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAppError } from '../../src/core/errors.ts';
import type { PostStepInput } from '../../src/core/post-steps/post-steps.ts';
import type { ProgressEvent } from '../../src/core/progress.ts';
import { measureLoudness } from '../../src/media/post/measure-loudness.ts';
import { checkCleanup } from '../../src/runner/post/check-cleanup.ts';
import type { PostParameters, PostResult } from '../../src/runner/post/post-parameters.ts';
import { runPost } from '../../src/runner/post/run-post.ts';
import { processImage, processVideo } from '../../src/runner/process.ts';
import type { RunContext } from '../../src/runner/run-context.ts';
import { postInChild } from '../../src/runner/runner-client.ts';
import { verifyFile } from '../../src/runner/verify-file.ts';
import { auditFolder } from '../../src/trust/audit/audit-log.ts';
import { type AuditRecord, readAudit } from '../../src/trust/audit/read-audit.ts';
import { findLabelPlace } from '../../src/trust/post/label-places.ts';
import type { PublishedSource } from '../../src/trust/post/published-source.ts';
import { createRunFolder, ffmpeg, mountSmallDisk, runningFfmpegs } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { ensureBuilt, runCli } from './support/cli.ts';

const folder = createRunFolder();
const clip = folder.at('clip.mp4');
const main = folder.at('main.mp4');
const photo = folder.at('photo.png');
const picture = folder.at('picture.jpg');
const SOURCE = samplePhotoPath(4);
/** What the marks say. */
let jobs = { main: '', picture: '' };

/** Keys, log and policy of this file alone. */
const saved = { ...process.env };
beforeAll(async () => {
  process.env.FACEFUSION_KEYS = folder.at('keys');
  process.env.FACEFUSION_AUDIT = folder.at('audit');
  process.env.FACEFUSION_DATA_FOLDER = folder.at('data');
  setPolicy('');
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-af', 'volume=0.1', '-c:a', 'aac'];
  ffmpeg('-i', sampleVideoPath('cap12_edit'), ...tone, '-t', '3', '-r', '15', '-c:v', 'libx264', '-crf', '16', clip);
  await sharp(samplePhotoPath(6)).resize(640).png().toFile(photo);
  await processVideo({ sourcePaths: [SOURCE], targetPath: clip, outputPath: main });
  await processImage({ sourcePaths: [SOURCE], targetPath: photo, outputPath: picture });
  jobs = { main: (await verifyFile(main)).mark!.job, picture: (await verifyFile(picture)).mark!.job };
});
afterAll(() => {
  process.env = saved;
  folder.remove();
});

function setPolicy(text: string): void {
  const path = folder.at('policy.yaml');
  writeFileSync(path, `operator: { name: Example Studio }\n${text}`, { mode: 0o600 });
  process.env.FACEFUSION_POLICY = path;
}

let folders = 0;
const newFolder = (): string => {
  const path = folder.at(`out-${++folders}`);
  mkdirSync(path);
  return path;
};

interface Made extends PostResult {
  readonly at: (name: string | RegExp) => string;
}

async function post(
  steps: readonly PostStepInput[],
  more: Partial<PostParameters> = {},
  context: RunContext = {},
): Promise<Made> {
  const result = await runPost({ steps: [...steps], mainPath: main, outputFolder: newFolder(), ...more }, context);
  return {
    ...result,
    at: (name) => {
      const found = result.outputs.find((output) =>
        typeof name === 'string' ? output.name === name : name.test(output.name),
      );
      if (!found) throw new Error(`no ${name} among ${result.outputs.map((output) => output.name).join(', ')}`);
      return found.path;
    },
  };
}

/** How a run is refused, and that it leaves nothing. */
async function refusal(steps: readonly unknown[], more: Partial<PostParameters> = {}, context: RunContext = {}) {
  const outputFolder = more.outputFolder ?? newFolder();
  const before = readdirSync(outputFolder);
  try {
    await runPost({ steps: [...steps], mainPath: main, ...more, outputFolder }, context);
  } catch (error) {
    if (!isAppError(error)) throw error;
    expect(readdirSync(outputFolder)).toEqual(before);
    return error;
  }
  throw new Error('Expected a refusal.');
}

async function auditEntries(): Promise<AuditRecord[]> {
  const entries: AuditRecord[] = [];
  for await (const entry of readAudit(auditFolder())) entries.push(entry);
  return entries;
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const probe = (path: string, ...what: string[]): string =>
  execFileSync('ffprobe', ['-v', 'error', '-allowed_extensions', 'ALL', ...what, '-of', 'csv=p=0', path], {
    encoding: 'utf8',
  }).trim();

/** What every file must have. */
async function expectTrusted(path: string, parent = main): Promise<void> {
  const { mark, credentials, saysAltered, recorded } = await verifyFile(path);
  expect(mark?.job).toBe(parent === main ? jobs.main : jobs.picture);
  expect(saysAltered).toBe(true);
  expect(credentials).toMatchObject({ state: 'trusted', problems: [] });
  expect(credentials.ingredients).toEqual([{ title: 'published output', relationship: 'parentOf', broken: false }]);
  expect(credentials.job).toBe(mark?.job);
  expect(recorded.filter(({ isSame }) => isSame)).toHaveLength(1);
}

describe('post-processing', () => {
  it('without steps gives the output itself', async () => {
    const { outputs, notes } = await post([]);
    expect(outputs).toMatchObject([{ role: 'main', path: main, sha256: sha256(main), contentType: 'video/mp4' }]);
    expect(notes).toEqual([]);
  });

  it('converts a video, keeps others beside it and takes a thumbnail', async () => {
    const events: ProgressEvent[] = [];
    const made = await post(
      [
        { type: 'convert', format: 'webm', height: 200, fps: 10 },
        { type: 'convert', format: 'gif', beside: true, height: 200, fps: 10 },
        { type: 'thumbnail', width: 240, at: 1.5 },
      ],
      {},
      { onProgress: (event) => events.push(event) },
    );
    const before = sha256(main);
    expect(made.outputs.map(({ name, role }) => [name, role])).toEqual([
      ['main.webm', 'main'],
      ['main.webm.c2pa', 'credentials'],
      ['main-200p.gif', 'rendition'],
      ['main-thumbnail.jpg', 'poster'],
    ]);
    for (const { path, sha256: hash, bytes } of made.outputs) {
      expect(sha256(path)).toBe(hash);
      expect(readFileSync(path)).toHaveLength(bytes);
    }
    expect(made.outputs[0]).toMatchObject({ width: 266, height: 200, contentType: 'video/webm' });
    expect(probe(made.at('main.webm'), '-count_packets', '-show_entries', 'stream=codec_name,nb_read_packets')).toMatch(
      /^vp9,3[01]\nopus,\d+$/,
    );
    for (const name of ['main.webm', 'main-200p.gif', 'main-thumbnail.jpg']) await expectTrusted(made.at(name));
    expect(events.length).toBeGreaterThan(0);
    const done = events.map((event) => event.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(sha256(main)).toBe(before);
    expect(readdirSync(join(made.at('main.webm'), '..')).sort()).toEqual(made.outputs.map(({ name }) => name).sort());
  });

  it('converts a photo', async () => {
    const made = await post(
      [
        { type: 'convert', format: 'webp', height: 300 },
        { type: 'convert', format: 'avif', beside: true },
        { type: 'convert', format: 'tiff', beside: true },
        { type: 'thumbnail', width: 64 },
      ],
      { mainPath: picture },
    );
    for (const name of ['picture.webp', 'picture-rendition.avif', 'picture-rendition.tiff']) {
      await expectTrusted(made.at(name), picture);
    }
    expect(await sharp(made.at('picture.webp')).metadata()).toMatchObject({ format: 'webp', height: 300 });
    // Too small for the mark: everything else is there.
    const thumbnail = await verifyFile(made.at('picture-thumbnail.jpg'));
    expect(thumbnail).toMatchObject({ saysAltered: true, credentials: { state: 'trusted' } });
    expect(thumbnail.recorded.filter(({ isSame }) => isSame)).toHaveLength(1);
  });

  it('meets a bit rate and a size, or says what can be met', async () => {
    const made = await post([
      { type: 'bitrate', targetBytes: 190_000 },
      { type: 'bitrate', videoKbps: 300, audioKbps: 64, beside: true },
    ]);
    const [whole] = made.outputs;
    expect(Math.abs(whole!.bytes / 190_000 - 1)).toBeLessThan(0.05);
    const rendition = made.at('main-300k.mp4');
    const sizes = probe(rendition, '-select_streams', 'v:0', '-show_entries', 'packet=size')
      .split(/\s+/)
      .map(Number.parseFloat);
    const kilobits = (sizes.reduce((sum, size) => sum + size, 0) * 8) / 1000 / 3;
    expect(Math.abs(kilobits / 300 - 1)).toBeLessThan(0.06);
    await expectTrusted(whole!.path);
    await expectTrusted(rendition);
    // libvpx deals out bits in another way than x264.
    const webm = await post([
      { type: 'convert', format: 'webm', height: 200 },
      { type: 'bitrate', targetBytes: 150_000 },
    ]);
    expect(Math.abs(webm.outputs[0]!.bytes / 150_000 - 1)).toBeLessThan(0.05);
    await expectTrusted(webm.at('main.webm'));
    const tooLarge = await refusal([
      { type: 'convert', format: 'mp4', height: 200 },
      { type: 'bitrate', targetBytes: 60_000_000, twoPass: false },
    ]);
    expect(tooLarge).toMatchObject({
      code: 'OPTION_INVALID',
      details: { option: 'targetBytes' },
      hint: 'Ask for less.',
    });
    expect(tooLarge.details!.possible).toBeLessThan(60_000_000);
  });

  it('sets the loudness and copies the picture', async () => {
    const made = await post([{ type: 'loudness', integratedLufs: -23 }]);
    const output = made.at('main.mp4');
    const goal = { integratedLufs: -23, truePeakDb: -1.5 };
    const before = await measureLoudness(main, 0, goal, undefined);
    const after = await measureLoudness(output, 0, goal, undefined);
    expect(before!.integratedLufs).toBeLessThan(-35);
    expect(Math.abs(after!.integratedLufs + 23)).toBeLessThan(1);
    expect(after!.truePeakDb).toBeLessThan(-1.4);
    const pictures = (path: string) =>
      execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-map', '0:v', '-c', 'copy', '-f', 'md5', '-'], {
        encoding: 'utf8',
      });
    expect(pictures(output)).toBe(pictures(main));
    expect(probe(output, '-select_streams', 'a', '-show_entries', 'stream=sample_rate')).toBe('48000');
    await expectTrusted(output);
    const silent = folder.at('silent.mp4');
    await processVideo({
      ...{ processors: ['stylizer'], targetPath: clip, outputPath: silent },
      outputAudioVolume: 0,
      trimFrameEnd: 5,
    });
    const { outputs, notes } = await post([{ type: 'loudness' }], { mainPath: silent });
    expect(outputs.map(({ path }) => path)).toEqual([silent]);
    expect(notes).toMatchObject([{ code: 'no-sound' }]);
  });

  it('refuses files of others, and says so in the audit log', async () => {
    expect(await refusal([{ type: 'convert', format: 'mkv' }], { mainPath: clip })).toMatchObject({
      code: 'POLICY_FORBIDS',
      hint: expect.stringContaining('facefusion verify'),
    });
    const entries = await auditEntries();
    expect(entries.at(-1)!.line).toMatchObject({
      kind: 'run.refused',
      facts: { code: 'POLICY_FORBIDS', post: ['convert'] },
    });
  });

  it('gives no file whose mark is lost', async () => {
    const lost = await refusal([{ type: 'thumbnail' }, { type: 'convert', format: 'mp4', height: 48, quality: 20 }]);
    expect(lost).toMatchObject({ code: 'MARK_LOST', hint: expect.stringContaining('150 pixels') });
  });

  it('writes over nothing without being told to, and never over the output', async () => {
    const made = await post([{ type: 'thumbnail', width: 160 }]);
    const outputFolder = join(made.at('main-thumbnail.jpg'), '..');
    expect(await refusal([{ type: 'thumbnail' }], { outputFolder })).toMatchObject({ code: 'OUTPUT_EXISTS' });
    await post([{ type: 'thumbnail', width: 200 }], { outputFolder, force: true });
    expect(await sharp(made.at('main-thumbnail.jpg')).metadata()).toMatchObject({ width: 200 });
    const same = await refusal([{ type: 'convert', format: 'mp4' }], { outputFolder: folder.path, force: true });
    expect(same).toMatchObject({ code: 'PATH_CONFLICT' });
    expect(await refusal([{ type: 'thumbnail', at: 100 }])).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('stops when asked to, also by force, and leaves nothing', async () => {
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const context = { signal: controller.signal, onProgress };
    expect(await refusal([{ type: 'hls', heights: [300, 200] }], {}, context)).toMatchObject({ code: 'CANCELLED' });
    expect(runningFfmpegs()).toEqual([]);
    const [kill, outputFolder] = [new AbortController(), newFolder()];
    const killed = postInChild(
      { steps: [{ type: 'convert', format: 'webm' }], mainPath: main, outputFolder },
      { killSignal: kill.signal, onProgress: () => kill.abort() },
    );
    await expect(killed).rejects.toMatchObject({ code: 'RUNNER_FAILED' });
    expect(readdirSync(outputFolder)).toEqual([]);
  });

  it('says so when the disk is full', async (context) => {
    const disk = mountSmallDisk(folder, 100);
    if (!disk) return context.skip('only root may mount');
    try {
      const full = await refusal([{ type: 'convert', format: 'mkv' }], { outputFolder: disk.path });
      expect(full).toMatchObject({ code: 'OUTPUT_FAILED' });
    } finally {
      disk.unmount();
    }
  });
});

describe('an HLS ladder', () => {
  it('plays, begins segments with key frames at the same times, and is named by content', async () => {
    const made = await post([{ type: 'hls', heights: [720, 300, 200], segmentSeconds: 1 }]);
    expect(made.notes).toMatchObject([{ code: 'heights-left-out' }]);
    const master = made.at('hls/master.m3u8');
    expect(
      probe(master, '-show_entries', 'program=program_id:program_stream=codec_name,width,height').split('\n'),
    ).toEqual(
      expect.arrayContaining([expect.stringContaining('h264,400,300'), expect.stringContaining('h264,266,200')]),
    );
    const starts = (rendition: string) => {
      const playlist = made.at(new RegExp(`^hls/${rendition}/index-`));
      const packets = probe(playlist, '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags').split('\n');
      expect(packets).toHaveLength(45);
      return packets.filter((line) => line.includes('K')).map((line) => Number.parseFloat(line));
    };
    expect(starts('300p')).toEqual(starts('200p'));
    expect(starts('300p')).toHaveLength(3);
    for (const { name, path, sha256: hash, cacheControl, role } of made.outputs) {
      expect(sha256(path)).toBe(hash);
      if (role === 'main') continue;
      const isMaster = name.startsWith('hls/master.m3u8');
      expect(cacheControl).toBe(isMaster ? 'public, max-age=60' : 'public, max-age=31536000, immutable');
      if (!isMaster && role !== 'credentials') expect(name).toContain(hash.slice(0, 16));
    }
    const last = made.outputs.filter(({ role }) => role !== 'credentials').at(-1);
    expect(last?.name).toBe('hls/master.m3u8');
    // Whoever puts the parts of a rendition together has its mark.
    const parts = made.outputs.filter(({ name, role }) => role === 'segment' && name.startsWith('hls/200p/'));
    const init = parts.find(({ name }) => name.includes('/init-'))!;
    const whole = folder.at('whole.mp4');
    writeFileSync(
      whole,
      Buffer.concat([init, ...parts.filter((part) => part !== init)].map(({ path }) => readFileSync(path))),
    );
    expect(await verifyFile(whole)).toMatchObject({
      mark: { job: jobs.main },
      saysAltered: true,
    });
    await expectTrusted(made.at(/^hls\/poster-/));
    await expectTrusted(made.at(/^hls\/sprites-.*jpg$/));
    expect(existsSync(`${init.path}.c2pa`) && existsSync(`${master}.c2pa`)).toBe(true);
    const cues = readFileSync(made.at(/\.vtt$/), 'utf8');
    expect(cues).toContain(
      made
        .at(/^hls\/sprites-.*jpg$/)
        .split('/')
        .at(-1),
    );
    expect(await sharp(made.at(/^hls\/sprites-.*jpg$/)).metadata()).toMatchObject({ width: 3 * 160, height: 120 });
    const entries = await auditEntries();
    const ofInit = entries.find(
      ({ line }) => (line.facts.output as { sha256?: string } | undefined)?.sha256 === init.sha256,
    )!;
    expect(ofInit.line.facts).toMatchObject({ derivedFrom: sha256(main), post: { segments: expect.any(Array) } });
  });
});

describe('a clean-up', () => {
  const region = { type: 'cleanup', x: 40, y: 60, width: 60, height: 40, rights: 'own' } as const;

  it('fills a region and nothing else, and is recorded with its right', async () => {
    const steps = [region, { type: 'convert', format: 'png' }] as const;
    const made = await post(steps, { mainPath: picture, targetPath: photo });
    const read = (path: string) => sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const [before, after] = [await read(picture), await read(made.at('picture.png'))];
    const { width } = before.info;
    let [inside, outside] = [0, 0];
    before.data.forEach((value, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      const isInside = x >= 40 && x < 100 && y >= 60 && y < 100;
      const change = Math.abs(value - after.data[at]!);
      if (isInside) inside = Math.max(inside, change);
      else outside = Math.max(outside, change);
    });
    expect(inside).toBeGreaterThan(40);
    // The mark, laid on again.
    expect(outside).toBeLessThan(24);
    await expectTrusted(made.at('picture.png'), picture);
    const entries = await auditEntries();
    expect(entries.at(-1)!.line.facts).toMatchObject({
      mark: 'renewed',
      post: [{ type: 'cleanup', rights: 'own' }, {}],
    });
  });

  it('works on videos, by filling and by blurring', async () => {
    const blur = {
      type: 'cleanup',
      unit: 'ratio',
      x: 0.6,
      y: 0.1,
      width: 0.2,
      height: 0.2,
      rights: 'licensed',
      mode: 'blur',
    } as const;
    const made = await post([region, blur], { targetPath: clip });
    await expectTrusted(made.at('main.mp4'));
  });

  it('needs the target of the run, without any mark or label of others', async () => {
    expect(await refusal([region])).toMatchObject({ code: 'OPTION_MISSING' });
    expect(await refusal([region], { targetPath: photo })).toMatchObject({ code: 'POLICY_FORBIDS' });
    expect(await refusal([{ ...region, rights: undefined }])).toMatchObject({ code: 'OPTION_INVALID' });
    expect(await refusal([{ ...region, x: 390 }], { targetPath: clip })).toMatchObject({ code: 'OPTION_INVALID' });
    // As it would be of a run whose target these were.
    const ofTarget = (path: string) =>
      checkCleanup({ facts: { target: sha256(path) } } as unknown as PublishedSource, path, undefined);
    await ofTarget(photo);
    await expect(ofTarget(picture)).rejects.toMatchObject({
      code: 'POLICY_FORBIDS',
      details: { found: expect.arrayContaining(['an invisible mark']) },
    });
    const stated = folder.at('stated.jpg');
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>';
    await sharp(photo).withXmp(xmp).jpeg().toFile(stated);
    await expect(ofTarget(stated)).rejects.toMatchObject({ details: { found: ['its metadata'] } });
  });
});

describe('under a policy with labels', () => {
  it('draws the label that an output lacks, keeps it from clean-ups, and needs a place for AIGC', async () => {
    setPolicy('labels: [cn, eu]\n');
    try {
      expect(await findLabelPlace(main, 'video', undefined)).toBeUndefined();
      const made = await post([{ type: 'loudness' }, { type: 'convert', format: 'mkv', beside: true, height: 240 }]);
      for (const name of ['main.mp4', 'main-240p.mkv']) {
        expect(await findLabelPlace(made.at(name), 'video', undefined)).toBeDefined();
        expect((await verifyFile(made.at(name))).aigc).toMatchObject({
          producer: 'Example Studio',
          isSignedHere: true,
        });
      }
      const corner = { type: 'cleanup', x: 300, y: 250, width: 50, height: 30, rights: 'own' };
      expect(await refusal([corner], { targetPath: clip })).toMatchObject({
        code: 'POLICY_FORBIDS',
        message: expect.stringContaining('visible label'),
      });
      expect(await refusal([{ type: 'convert', format: 'gif' }])).toMatchObject({ code: 'POLICY_FORBIDS' });
      const hls = await post([{ type: 'hls', heights: [240], poster: false, sprites: false }]);
      expect(readFileSync(hls.at(/init-.*mp4$/), 'latin1')).toContain('"ContentProducer":"Example Studio"');
    } finally {
      setPolicy('');
    }
  });
});

describe('facefusion post', () => {
  beforeAll(ensureBuilt);

  it('prints what it made, and as JSON', async () => {
    const outputFolder = newFolder();
    const { code, stdout } = await runCli([
      'post',
      main,
      '--thumbnail',
      '200',
      '--output-folder',
      outputFolder,
      '--json',
    ]);
    expect(code).toBe(0);
    const { outputs } = JSON.parse(stdout);
    expect(outputs.map((output: { name: string }) => output.name)).toEqual(['main.mp4', 'main-thumbnail.jpg']);
  });

  it('says what is wrong', async () => {
    const outputFolder = newFolder();
    const cli = (...words: string[]) => runCli(['post', main, '--output-folder', outputFolder, ...words]);
    expect(await cli()).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected a step') });
    expect(await cli('--steps', '{}')).toMatchObject({ code: 2, stderr: expect.stringContaining('a list') });
    expect(await cli('--steps', '[{"type":"hls","heights":[0]}]')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('post[0].heights[0]'),
    });
    expect(await cli('--thumbnail', 'wide')).toMatchObject({ code: 2, stderr: expect.stringContaining('--thumbnail') });
    expect(readdirSync(outputFolder)).toEqual([]);
  });
});
