import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, MEDIA, makeFolder, runCli } from './support/cli.ts';

const folder = makeFolder('process');
const at = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  ensureBuilt();
  await sharp(MEDIA.threeWomen)
    .extract({ left: 1000, top: 120, width: 520, height: 640 })
    .png()
    .toFile(at('source.png'));
  await sharp(MEDIA.fourWomen)
    .extract({ left: 1330, top: 60, width: 560, height: 640 })
    .resize(420)
    .png()
    .toFile(at('target.png'));
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#567' } })
    .png()
    .toFile(at('empty-room.png'));
});
afterAll(() => folder.dispose());

const swap = (output: string, ...more: string[]): string[] => [
  ...['process', '--source', at('source.png'), '--target', at('target.png'), '--output', output],
  ...more,
];

/** Where it does not matter what is done to the photo: the lightest work. */
const sketch = (output: string, ...more: string[]): string[] => [
  ...['process', '--processors', 'stylizer', '--stylizer-model', 'sketch', '-t', at('target.png'), '-o', output],
  ...more,
];

describe('a photo', () => {
  it('leaves the output path on stdout and the rest on stderr', async () => {
    const output = at('plain.png');
    const { code, stdout, stderr } = await runCli(swap(output));
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${output}\n` });
    expect(stderr).toMatch(/^Wrote a photo of 420x480\.$/m);
    expect(stderr).toMatch(/^Took [\d.]+ s: /m);
    expect(stderr).not.toContain('\u001b');
    const [before, after] = [await sharp(at('target.png')).raw().toBuffer(), await sharp(output).raw().toBuffer()];
    expect(after.length).toBe(before.length);
    expect(after.equals(before)).toBe(false);
  });

  it('is silent with --quiet', async () => {
    const output = at('quiet.png');
    expect(await runCli(sketch(output, '--quiet'))).toEqual({ code: 0, stdout: `${output}\n`, stderr: '' });
  });

  it('gives one JSON document, whose stages add up to the total', async () => {
    const { code, stdout, stderr } = await runCli(sketch(at('json.png'), '--json'));
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout) as { timing: { totalSeconds: number; stages: Record<string, number> } };
    expect(result).toMatchObject({
      schemaVersion: 1,
      command: 'process',
      ok: true,
      outcome: 'completed',
      kind: 'image',
      outputPath: at('json.png'),
      frames: { total: 1, changed: 1 },
    });
    const sum = Object.values(result.timing.stages).reduce((total, value) => total + value, 0);
    expect(sum / result.timing.totalSeconds).toBeCloseTo(1, 1);
  });

  it('takes FaceFusion’s words, spaces, quotes, Unicode and leading dashes', async () => {
    const odd = at('ordner mit "Anführung" 顔’s');
    mkdirSync(odd);
    copyFileSync(at('source.png'), join(odd, '-source 1.png'));
    copyFileSync(at('target.png'), join(odd, '-ziel 目標.png'));
    const words = ['headless-run', '-s', './-source 1.png', '--target-path=-ziel 目標.png', '-o', '-out $(x).png'];
    const { code, stdout, stderr } = await runCli([...words, '--execution-providers', 'cpu'], { cwd: odd });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '-out $(x).png\n' });
    expect(existsSync(join(odd, '-out $(x).png'))).toBe(true);
    const faces = await runCli(['faces', '--json', '--', '-ziel 目標.png'], { cwd: odd });
    expect(faces.code, faces.stderr).toBe(0);
    expect(JSON.parse(faces.stdout).faces.length).toBeGreaterThan(0);
  });

  it('is only described by --dry-run', async () => {
    const before = readdirSync(folder.path);
    const { code, stdout, stderr } = await runCli(swap(at('dry.png'), '--dry-run'));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^--face-enhancer-blend +80$/m);
    expect(stderr).toContain('Nothing was written.');
    expect(readdirSync(folder.path)).toEqual(before);
    const json = await runCli(swap(at('dry.png'), '--dry-run', '--json'));
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, dryRun: true, kind: 'image' });
  });
});

describe('a video', () => {
  it('streams events and ends with the result', async () => {
    const words = ['process', '-s', at('source.png'), '-t', MEDIA.talkingMan, '-o', at('clip.mp4')];
    const { code, stdout, stderr } = await runCli([...words, '--trim-frame-end', '20', '--json=lines']);
    expect(code, stderr).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const progress = events.filter(({ type, stage }) => type === 'progress' && stage === 'process');
    expect(progress.at(-1)).toMatchObject({ done: 20, total: 20 });
    expect(progress.map(({ done }) => done)).toEqual(progress.map(({ done }) => done).sort((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({
      type: 'completed',
      schemaVersion: 1,
      ok: true,
      kind: 'video',
      frames: { total: 20 },
    });
    expect(events.at(-1).timing.framesPerSecond).toBeGreaterThan(0);
  });
});

interface Refusal {
  readonly title: string;
  readonly words: () => readonly string[];
  readonly code: string;
  readonly exit: number;
}

const REFUSALS: readonly Refusal[] = [
  {
    title: 'an absent source',
    words: () => ['process', '-s', at('no.png'), '-t', at('target.png'), '-o', at('x.png')],
    code: 'INPUT_NOT_FOUND',
    exit: 3,
  },
  {
    title: 'a folder as target',
    words: () => ['process', '-s', at('source.png'), '-t', folder.path, '-o', at('x.png')],
    code: 'INPUT_NOT_A_FILE',
    exit: 3,
  },
  {
    title: 'an empty target',
    words: () => ['process', '-s', at('source.png'), '-t', at('empty.mp4'), '-o', at('x.mp4')],
    code: 'INPUT_UNREADABLE',
    exit: 3,
  },
  {
    title: 'a text named .mp4',
    words: () => ['process', '-s', at('source.png'), '-t', at('text.mp4'), '-o', at('x.mp4')],
    code: 'INPUT_UNSUPPORTED',
    exit: 3,
  },
  {
    title: 'a source without a face',
    words: () => ['process', '-s', at('empty-room.png'), '-t', at('target.png'), '-o', at('x.png')],
    code: 'SOURCE_NO_FACE',
    exit: 4,
  },
  {
    title: 'a target without a face',
    words: () => ['process', '-s', at('source.png'), '-t', at('empty-room.png'), '-o', at('x.png')],
    code: 'TARGET_NO_FACE',
    exit: 4,
  },
  { title: 'the target as output', words: () => swap(at('target.png'), '--force'), code: 'PATH_CONFLICT', exit: 2 },
  { title: 'an absent output folder', words: () => swap(at('nowhere/x.png')), code: 'OUTPUT_FOLDER_MISSING', exit: 7 },
  { title: 'an output that exists', words: () => swap(at('exists.png')), code: 'OUTPUT_EXISTS', exit: 7 },
  { title: 'an absent file for faces', words: () => ['faces', at('no.png')], code: 'INPUT_NOT_FOUND', exit: 3 },
];

describe('what cannot be done', () => {
  beforeAll(() => {
    writeFileSync(at('empty.mp4'), '');
    writeFileSync(at('text.mp4'), 'This is no video.\n'.repeat(40));
    writeFileSync(at('exists.png'), 'keep me');
  });

  it.each(REFUSALS)('ends with a named error and touches nothing: $title', async ({ words, code, exit }) => {
    const target = readFileSync(at('target.png'));
    const before = readdirSync(folder.path);
    const result = await runCli(words());
    expect({ exit: result.code, stdout: result.stdout }, result.stderr).toEqual({ exit, stdout: '' });
    expect(result.stderr).toMatch(
      new RegExp(`^error\\[${code}\\]: .+\n(hint: .+\n)?docs: docs/errors\\.md#${code}$`, 'm'),
    );
    expect(readdirSync(folder.path)).toEqual(before);
    expect(readFileSync(at('target.png')).equals(target)).toBe(true);
    expect(readFileSync(at('exists.png'), 'utf8')).toBe('keep me');
  });

  it('copies the target when asked to, and says so', async () => {
    const words = [
      'process',
      '-s',
      at('source.png'),
      '-t',
      at('empty-room.png'),
      '-o',
      at('copy.png'),
      '--on-no-face',
      'copy',
    ];
    const { code, stdout, stderr } = await runCli(words);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${at('copy.png')}\n` });
    expect(stderr).toContain('No face to work on; the target was copied.');
    expect(readFileSync(at('copy.png')).equals(readFileSync(at('empty-room.png')))).toBe(true);
  });

  it('overwrites with --force', async () => {
    writeFileSync(at('exists2.png'), 'replace me');
    const { code, stderr } = await runCli(sketch(at('exists2.png'), '--force'));
    expect(code, stderr).toBe(0);
    expect(statSync(at('exists2.png')).size).toBeGreaterThan(1000);
  });

  it('names the line to type when ffmpeg is missing', async () => {
    const words = ['process', '-s', at('source.png'), '-t', MEDIA.talkingMan, '-o', at('x.mp4')];
    const { code, stderr } = await runCli(words, {
      env: { PATH: folder.path, FFMPEG_PATH: '', FACEFUSION_FFMPEG: '' },
    });
    expect(code).toBe(6);
    expect(stderr).toMatch(/^error\[FFMPEG_NOT_FOUND\]: /m);
    expect(stderr).toMatch(/^hint: .*ffmpeg/m);
  });
});
