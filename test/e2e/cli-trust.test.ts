import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditFolder } from '../../src/trust/audit/audit-log.ts';
import { readAudit } from '../../src/trust/audit/read-audit.ts';
import { ensureBuilt, MEDIA, makeFolder, runCli } from './support/cli.ts';

beforeAll(ensureBuilt);
const folder = makeFolder('trust');
afterAll(() => folder.dispose());

const at = (name: string): string => join(folder.path, name);
const envOf = (name: string): Record<string, string> => ({
  ...{ FACEFUSION_DATA_FOLDER: at(name), FACEFUSION_KEYS: at(`${name}-keys`), FACEFUSION_AUDIT: at(`${name}-audit`) },
  FACEFUSION_POLICY: '',
});
const env = envOf('data');
const cli = (...words: string[]) => runCli(words, { cwd: folder.path, env });
const json = async (...words: string[]) => JSON.parse((await cli(...words, '--json')).stdout);
const auditKinds = async (): Promise<string[]> => {
  const kinds: string[] = [];
  for await (const { line } of readAudit(auditFolder(env))) kinds.push(line.kind);
  return kinds;
};

beforeAll(() => {
  for (const [name, seconds] of [
    ['man.png', 1],
    ['man-later.png', 20],
  ] as const) {
    const words = ['-v', 'error', '-ss', String(seconds), '-i', MEDIA.talkingMan, '-frames:v', '1', at(name)];
    execFileSync('ffmpeg', words);
  }
});

describe('policy', () => {
  it('is written, checked and shown with where each value comes from', async () => {
    expect(await cli('policy', 'show')).toMatchObject({ code: 0, stderr: expect.stringContaining('are defaults') });
    expect(await cli('policy', 'init')).toMatchObject({ code: 0 });
    expect(await cli('policy', 'init')).toMatchObject({ code: 7, stderr: expect.stringContaining('OUTPUT_EXISTS') });
    const path = at('data/policy.yaml');
    writeFileSync(path, `${readFileSync(path, 'utf8')}consent: required\n`);
    expect(await cli('policy', 'check', path)).toMatchObject({ code: 0, stdout: '' });
    const { policy, origin, hash } = await json('policy', 'show', '--origin');
    expect(policy).toMatchObject({ consent: 'required', faceAge: { lowest: 18 } });
    expect(origin).toMatchObject({ consent: expect.stringMatching(/policy\.yaml:\d+$/), labels: 'default' });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const table = await cli('policy', 'show', '--origin');
    expect(table.stdout).toMatch(/^consent +\S+policy\.yaml:\d+ +required$/m);
  });

  it('is refused with every mistake and its line', async () => {
    writeFileSync(at('bad.yaml'), 'moderation: off\nconsnet: required\n');
    const { code, stdout, stderr } = await cli('policy', 'check', 'bad.yaml');
    expect(code).toBe(8);
    expect(stdout).toMatch(/bad\.yaml:1: A policy cannot switch off moderation/);
    expect(stdout).toMatch(/bad\.yaml:2: There is no key consnet. Did you mean consent\?/);
    expect(stderr).toContain('error[POLICY_INVALID]');
    expect(await cli('policy', 'check', 'gone.yaml')).toMatchObject({ code: 3 });
    chmodSync(at('bad.yaml'), 0o666);
    const writable = await cli('policy', 'check', 'bad.yaml', '--json');
    expect(JSON.parse(writable.stdout)).toMatchObject({
      ok: false,
      error: { hint: expect.stringMatching(/^Run: chmod/) },
    });
  });
});

describe('blocklist', () => {
  it('takes a person by a photo, finds them in another, and keeps no photo', async () => {
    const { person } = await json('blocklist', 'add', 'Person 17', 'man.png');
    expect(person).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{12}$/), name: 'Person 17', photos: 1 });
    const found = await cli('blocklist', 'check', 'man-later.png', '--json');
    expect(found.code).toBe(8);
    expect(JSON.parse(found.stdout)).toMatchObject({
      ...{ persons: 1, listed: 1 },
      faces: [{ matches: [{ person: { id: person.id, name: 'Person 17' }, similarity: expect.any(Number) }] }],
    });
    expect(await cli('blocklist', 'check', MEDIA.threeWomen)).toMatchObject({ code: 0, stdout: '' });
    const bytes = readFileSync(at('data/blocklist.sealed'));
    expect(bytes.includes('Person 17')).toBe(false);
    expect(bytes.length).toBeLessThan(4000);
    expect(await auditKinds()).toContain('blocklist.added');
  });

  it('goes to another installation, and not into one of another recogniser', async () => {
    expect(await cli('blocklist', 'export', 'list.json')).toMatchObject({ code: 0 });
    expect(await cli('blocklist', 'export', 'list.json')).toMatchObject({ code: 7 });
    const other = (...words: string[]) => runCli(words, { cwd: folder.path, env: envOf('other') });
    expect(await other('blocklist', 'import', 'list.json')).toMatchObject({ code: 0 });
    expect((await other('blocklist', 'list')).stdout).toContain('Person 17');
    expect((await json('blocklist', 'import', 'list.json')).known).toBe(1);
    writeFileSync(at('other.json'), readFileSync(at('list.json'), 'utf8').replace('face_recognition', 'arcface'));
    const refused = await other('blocklist', 'import', 'other.json');
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('Enrol them again from photos') });
  });

  it('refuses photos of several faces and of none, and adds nobody then', async () => {
    expect(await cli('blocklist', 'add', 'X', 'man.png', MEDIA.threeWomen)).toMatchObject({
      ...{ code: 3, stderr: expect.stringContaining('shows 3') },
    });
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'color=gray:s=200x200',
      '-frames:v',
      '1',
      at('no.png'),
    ]);
    expect(await cli('blocklist', 'add', 'X', 'no.png')).toMatchObject({ code: 4 });
    expect(await cli('blocklist', 'remove', 'X')).toMatchObject({ code: 2 });
    expect((await json('blocklist', 'list')).persons).toHaveLength(1);
    expect(await cli('blocklist', 'remove', 'Person 17')).toMatchObject({ code: 0 });
    expect((await json('blocklist', 'list')).persons).toEqual([]);
  });

  it('is not opened with the keys of another installation', async () => {
    const wrong = { ...env, FACEFUSION_KEYS: at('other-keys') };
    expect(await runCli(['blocklist', 'list'], { cwd: folder.path, env: wrong })).toMatchObject({
      ...{ code: 8, stderr: expect.stringContaining('KEYS_UNUSABLE') },
    });
  });
});

describe('consent', () => {
  const add = (...more: string[]) => cli('consent', 'add', 'person-7', 'man.png', ...more);

  it('is entered with its evidence, listed, revoked and exported', async () => {
    writeFileSync(at('form.pdf'), 'a signed form');
    const words = ['--use', 'face_swapper', 'x-ads', '--until', '2099-12-31', '--evidence', 'form.pdf', '--by', 'Ann'];
    const { code, stdout } = await add(...words);
    expect(code).toBe(0);
    const id = stdout.trim();
    const [consent] = (await json('consent', 'list')).consents;
    expect(consent).toEqual({
      ...{ id, subject: 'person-7', uses: ['face_swapper', 'x-ads'], until: '2099-12-31T23:59:59.999Z' },
      ...{ enteredBy: 'Ann', enteredAt: expect.any(String), photos: 1, state: 'valid' },
      evidenceSha256: createHash('sha256').update('a signed form').digest('hex'),
    });
    expect(await json('consent', 'revoke', id, '--by', 'Bob')).toMatchObject({
      ...{ consent: { state: 'revoked', revoked: { by: 'Bob' } }, outputs: [] },
    });
    expect(await cli('consent', 'revoke', id, '--by', 'Bob')).toMatchObject({ code: 2 });
    expect(await cli('consent', 'outputs', id)).toMatchObject({ code: 0, stdout: '' });
    expect(await cli('consent', 'export', 'consents.json')).toMatchObject({ code: 0 });
    const exported = readFileSync(at('consents.json'), 'utf8');
    expect(JSON.parse(exported).consents).toMatchObject([{ id, state: 'revoked' }]);
    expect(exported).not.toContain('embedding');
    expect((await auditKinds()).filter((kind) => kind.startsWith('consent'))).toEqual([
      'consent.added',
      'consent.revoked',
    ]);
  });

  it.each([
    [['--use', 'face_swaper', '--until', '2099-12-31', '--by', 'Ann'], 'Did you mean face_swapper?'],
    [['--use', 'any', '--until', '2099-02-31', '--by', 'Ann'], 'Expected a day such as'],
    [['--use', 'any', '--until', '2001-01-01', '--by', 'Ann'], 'Expected a day to come'],
    [['--use', 'any', '--until', '2099-12-31', '--by', ' '], 'for --by'],
    [['--use', 'any', '--until', '2099-12-31'], 'Expected --by'],
  ])('is refused with %j', async (words, message) => {
    const { code, stderr } = await add(...words, '--evidence', 'form.pdf');
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('needs evidence that is there', async () => {
    const words = ['--use', 'any', '--until', '2099-12-31', '--by', 'Ann', '--evidence', 'gone.pdf'];
    expect(await add(...words)).toMatchObject({ code: 3 });
  });
});

it('locks and temporary files are gone', () => {
  expect(readdirSync(at('data')).sort()).toEqual(['blocklist.sealed', 'consents.sealed', 'policy.yaml']);
});
