import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuilt, makeFolder, ROOT, runProgram } from './support/cli.ts';

const folder = makeFolder('launcher');
const at = (name: string): string => join(folder.path, name);
const launcher = join(ROOT, 'facefusion');
const version = `${(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version}\n`;

beforeAll(ensureBuilt);
afterAll(() => folder.dispose());

/** A program of this name that prints this text, in a folder for PATH. */
function writeFake(name: string, text: string, code = 0): string {
  const bin = at(`bin-${name}-${code}-${text.replace(/\W/g, '')}`);
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\necho '${text}'\nexit ${code}\n`, { mode: 0o755 });
  return bin;
}

const withPath = (first: string): NodeJS.ProcessEnv => ({ PATH: `${first}:${process.env.PATH}` });

describe('the launcher', () => {
  it('works from another folder, through links of links, and says nothing when nothing is missing', async () => {
    symlinkSync(launcher, at('one'));
    symlinkSync('one', at('two'));
    for (const program of [launcher, at('two')]) {
      expect(await runProgram(program, ['--version'], { cwd: folder.path })).toEqual({
        code: 0,
        stdout: version,
        stderr: '',
      });
    }
  });

  it('hands arguments and exit codes through', async () => {
    const result = await runProgram(launcher, ['faces', 'no such file’s.png'], { cwd: folder.path });
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('no such file’s.png');
  });

  it('refuses an old Node', async () => {
    const { code, stderr } = await runProgram(launcher, ['--version'], {
      env: withPath(writeFake('node', 'v20.18.3')),
    });
    expect(code).toBe(6);
    expect(stderr).toMatch(/^error\[NODE_TOO_OLD\]: Expected Node 20\.19 or newer, found v20\.18\.3\./);
  });

  it('refuses an old ffmpeg that was named, and does not replace it', async () => {
    const bin = writeFake('ffmpeg', 'ffmpeg version 4.4.2-0ubuntu0.22 Copyright');
    const { code, stderr } = await runProgram(launcher, ['models', 'list'], {
      env: { FFMPEG_PATH: join(bin, 'ffmpeg') },
    });
    expect(code).toBe(6);
    expect(stderr).toMatch(/^error\[FFMPEG_NOT_FOUND\]: Expected ffmpeg and ffprobe 5\.1 or newer/);
    expect(stderr).toMatch(/^hint: .*install/m);
  });

  it('takes a build of ffmpeg without a release number for new', async () => {
    const bin = writeFake('ffmpeg', 'ffmpeg version N-118000-gabcdef Copyright');
    const env = { FFMPEG_PATH: join(bin, 'ffmpeg') };
    expect(await runProgram(launcher, ['models', 'list', '--json'], { env })).toMatchObject({ code: 0, stderr: '' });
  });

  it('lets doctor say what is wrong with ffmpeg', async () => {
    const { code, stdout } = await runProgram(launcher, ['doctor'], { env: { FFMPEG_PATH: at('absent') } });
    expect(code).toBe(6);
    expect(stdout).toMatch(/^FAIL +ffmpeg /m);
    expect(stdout).not.toContain(folder.path);
  });
});

describe('a clone without packages', () => {
  const clone = at('clone');
  const cache = join(clone, '.cache');
  const npmSays = (code: number): NodeJS.ProcessEnv => withPath(writeFake('npm', 'npm was called', code));

  beforeAll(() => {
    mkdirSync(join(clone, 'scripts'), { recursive: true });
    for (const file of ['facefusion', 'scripts/setup.sh', 'package.json', 'package-lock.json']) {
      writeFileSync(join(clone, file), readFileSync(join(ROOT, file)), { mode: 0o755 });
    }
  });
  beforeEach(() => mkdirSync(cache, { recursive: true }));

  it('names the step that failed and keeps its log', async () => {
    const { code, stdout, stderr } = await runProgram(join(clone, 'facefusion'), ['--help'], { env: npmSays(1) });
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain('error[SETUP_FAILED]: The step failed: installing packages (npm ci).');
    const log = /hint: Read the whole log: (.+)/.exec(stderr)?.[1];
    expect(readFileSync(log!, 'utf8')).toBe('npm was called\n');
    expect(existsSync(join(cache, 'setup.lock'))).toBe(false);
  });

  it('takes over the lock of a run that was killed', async () => {
    const gone = await runProgram('sh', ['-c', 'echo $$']);
    mkdirSync(join(cache, 'setup.lock'));
    writeFileSync(join(cache, 'setup.lock/pid'), gone.stdout);
    const { code, stderr } = await runProgram(join(clone, 'facefusion'), ['--help'], { env: npmSays(1) });
    expect(code).toBe(6);
    expect(stderr).toContain('another run is setting up');
    expect(existsSync(join(cache, 'setup.lock'))).toBe(false);
  });
});
