/** `facefusion audit` and `facefusion verify`: what was made here can be told, and what was recorded can be proved. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkProof } from '../../src/trust/audit/read-audit.ts';
import { samplePhotoPath } from '../helpers/sample-media.ts';
import { ensureBuilt, makeFolder, runCli } from './support/cli.ts';

beforeAll(ensureBuilt);
const folder = makeFolder('audit');
afterAll(() => folder.dispose());

const at = (name: string): string => join(folder.path, name);
const env = {
  ...{ FACEFUSION_DATA_FOLDER: at('data'), FACEFUSION_KEYS: at('keys'), FACEFUSION_AUDIT: at('log') },
  FACEFUSION_POLICY: '',
};
const cli = (...words: string[]) => runCli(words, { cwd: folder.path, env });
const json = async (...words: string[]) => JSON.parse((await cli(...words, '--json')).stdout);

beforeAll(async () => {
  await sharp(samplePhotoPath(6)).resize(800).png().toFile(at('photo.png'));
  expect(await cli('verify', 'photo.png')).toMatchObject({ code: 0, stdout: expect.stringContaining('no keys yet') });
  const words = ['process', '--processors', 'face_editor', '--face-editor-mouth-smile', '0.5'];
  const made = await cli(...words, '-t', 'photo.png', '-o', 'made.png');
  expect(made.code, made.stderr).toBe(0);
});

describe('facefusion verify', () => {
  it('knows what was made here, byte for byte', async () => {
    const verdict = await json('verify', 'made.png');
    expect(verdict).toMatchObject({ ok: true, kind: 'image', saysAltered: true, recorded: [{ isSame: true }] });
    expect(verdict.mark.job).toBe(verdict.recorded[0].job);
    const { stdout } = await cli('verify', 'made.png');
    expect(stdout).toMatch(
      /^"made.png" was made here at \S+ with face_editor, and not changed since \(entry \d+\)\.$/m,
    );
  });

  it('knows it cropped, smaller, encoded again and without metadata', async () => {
    const photo = sharp(at('made.png'));
    const { width, height } = await photo.metadata();
    const area = { left: 31, top: 23, width: Math.round(width * 0.9), height: Math.round(height * 0.9) };
    await photo.extract(area).resize(640).jpeg({ quality: 75 }).toFile(at('copy.jpg'));
    const verdict = await json('verify', 'copy.jpg');
    expect(verdict).toMatchObject({ saysAltered: false, recorded: [{ isSame: false }] });
    expect((await cli('verify', 'copy.jpg')).stdout).toMatch(/was made here .*; the file was changed since\.$/m);
  });

  it('claims nothing of a photo that is not from here, nor with the keys of another installation', async () => {
    const { stdout, code } = await cli('verify', 'photo.png');
    expect(code).toBe(0);
    expect(stdout).toContain('That is no proof that it is genuine.');
    const others = { ...env, FACEFUSION_KEYS: at('other-keys'), FACEFUSION_AUDIT: at('other-log') };
    await runCli(['audit', 'checkpoint'], { cwd: folder.path, env: others });
    const seen = JSON.parse((await runCli(['verify', 'made.png', '--json'], { cwd: folder.path, env: others })).stdout);
    expect(seen).toMatchObject({ couldReadMark: true, saysAltered: true, recorded: [] });
    expect(seen.mark).toBeUndefined();
  });

  it('refuses what is neither photo nor video', async () => {
    writeFileSync(at('notes.txt'), 'hello');
    expect(await cli('verify', 'notes.txt')).toMatchObject({ code: 3 });
    expect(await cli('verify', 'missing.png')).toMatchObject({ code: 3 });
  });
});

describe('facefusion audit', () => {
  it('lists and shows entries', async () => {
    const { entries } = await json('audit', 'list', '--kind', 'output.published');
    expect(entries).toHaveLength(1);
    const [{ seq, facts }] = entries;
    expect((await json('audit', 'list', '--job', facts.job)).entries).toHaveLength(2);
    expect((await json('audit', 'list', '--limit', '1')).entries).toMatchObject([{ seq }]);
    expect((await json('audit', 'show', String(seq))).values.output).toBe(at('made.png'));
    expect((await cli('audit', 'list')).stdout).toMatch(
      /^2 +\S+ +output\.published +[0-9a-f]{8} +face_editor +\S+made\.png$/m,
    );
    expect(await cli('audit', 'list', '--kind', 'nothing')).toMatchObject({ code: 2 });
    expect(await cli('audit', 'show', '99')).toMatchObject({ code: 2, stderr: expect.stringContaining('below') });
  });

  it('proves an entry to others, and writes the log without names', async () => {
    expect(await cli('audit', 'prove', '2', 'proof.json')).toMatchObject({ code: 0 });
    const proof = JSON.parse(readFileSync(at('proof.json'), 'utf8'));
    expect(checkProof(proof)).toBe(true);
    expect(proof.checkpoint.split('\n')[2]).toBe(proof.root);
    expect(await cli('audit', 'export', 'log.jsonl')).toMatchObject({ code: 0 });
    expect(readFileSync(at('log.jsonl'), 'utf8')).not.toContain('made.png');
    expect(await cli('audit', 'export', 'log.jsonl')).toMatchObject({ code: 7 });
  });

  it('erases personal values, and the log stays whole', async () => {
    expect(await cli('audit', 'erase', 'output', at('made.png'), '--by', 'tests')).toMatchObject({ code: 0 });
    expect((await json('audit', 'show', '2')).values).toEqual({});
    expect(await cli('audit', 'verify')).toMatchObject({ code: 0, stderr: expect.stringContaining('were erased') });
  });

  it('finds a change, says where, and ends with 8', async () => {
    const path = at('log/audit.log');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('face_editor', 'face_edit0r'));
    const { code, stdout, stderr } = await cli('audit', 'verify');
    expect({ code, stderr }).toEqual({ code: 8, stderr: expect.stringContaining('AUDIT_BROKEN') });
    expect(stdout).toMatch(/^entry \d+: byte \d+: /m);
    writeFileSync(path, text);
    expect((await cli('audit', 'verify')).code).toBe(0);
  });
});
