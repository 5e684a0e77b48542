import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ERRORS } from '../../src/core/errors.ts';
import { processOptionsSchema, toFlag } from '../../src/core/options.ts';
import { ensureBuilt, MEDIA, ROOT, runCli } from './support/cli.ts';

beforeAll(ensureBuilt);

/** Prints, at exit, every native library and CommonJS module that the process has loaded. */
const TELL_MODULES =
  "process.on('exit',()=>process.stderr.write('LOADED '+JSON.stringify([...process.report.getReport().sharedObjects," +
  "...Object.keys(require('module')._cache)])+'\\n'))";

async function loadedBy(words: readonly string[]): Promise<string> {
  const preload = `data:text/javascript,${encodeURIComponent(
    `import {createRequire} from 'node:module';const require=createRequire(${JSON.stringify(`${ROOT}/package.json`)});${TELL_MODULES}`,
  )}`;
  const { stderr } = await runCli(words, { nodeArguments: ['--import', preload] });
  const line = stderr.split('\n').find((text) => text.startsWith('LOADED '));
  expect(line, stderr).toBeDefined();
  return line!;
}

describe('help', () => {
  it('shows three examples when called without arguments', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^ {2}facefusion /gm)).toHaveLength(3);
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as { version: string };
    for (const flag of ['--version', '-v']) {
      expect(await runCli([flag])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    }
  });

  it('documents every option of a run, with its default', async () => {
    const { code, stdout } = await runCli(['process', '--help']);
    expect(code).toBe(0);
    const text = stdout.replace(/\s+/g, ' ');
    for (const [name, schema] of Object.entries(processOptionsSchema.shape)) {
      expect(text).toContain(`${toFlag(name)} `);
      expect(text).toContain(schema.description!.slice(0, 30));
    }
    expect(text).toContain('(0..1; default 0.3)');
    expect(text).toContain('0..100 years');
    for (const group of ['Paths:', 'Face selector:', 'Face mask:', 'Output:', 'Execution:'])
      expect(stdout).toContain(group);
  });

  it('says the same for FaceFusion’s name of the command', async () => {
    const [process, headless] = [await runCli(['process', '--help']), await runCli(['headless-run', '--help'])];
    expect(headless.stdout).toBe(process.stdout);
  });

  it('lists every error code under its exit code', async () => {
    const { stdout } = await runCli(['help', 'exit-codes']);
    for (const code of Object.keys(ERRORS)) expect(stdout).toContain(code);
    expect(stdout).toMatch(/^ {4}4 {2}no matching face\n.*TARGET_NO_FACE/m);
    expect(stdout).toMatch(/^ {2}130 {2}interrupted/m);
  });

  it.each([['--help'], ['--version'], ['process', '--help'], ['preview', '--help'], ['help', 'exit-codes'], []])(
    'loads neither ONNX Runtime nor sharp: %s %s',
    async (...words) => {
      const loaded = await loadedBy(words);
      expect(loaded).not.toMatch(/onnxruntime/);
      expect(loaded).not.toMatch(/node_modules\/(sharp|@img)/);
    },
  );

  it('would notice both', async () => {
    const loaded = await loadedBy(['faces', MEDIA.fourWomen]);
    expect(loaded).toMatch(/onnxruntime/);
    expect(loaded).toMatch(/node_modules\/(sharp|@img)/);
  });
});
