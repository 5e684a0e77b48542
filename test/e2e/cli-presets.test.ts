import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt, MEDIA, makeFolder, runCli } from './support/cli.ts';

beforeAll(ensureBuilt);
const folder = makeFolder('presets');
afterAll(() => folder.dispose());

const cli = (...words: string[]) =>
  runCli(words, { cwd: folder.path, env: { XDG_CONFIG_HOME: join(folder.path, 'config') } });

it('presets go out, are changed, come in, are used and go away', async () => {
  expect(await cli('presets', 'export', 'fast', 'mine.json')).toMatchObject({ code: 0, stdout: 'mine.json\n' });
  const file = join(folder.path, 'mine.json');
  const preset = { ...JSON.parse(readFileSync(file, 'utf8')), faceMaskTypes: ['box'] };
  writeFileSync(file, JSON.stringify(preset));
  expect(await cli('presets', 'import', 'mine.json', '--name', 'films')).toMatchObject({ code: 0, stdout: 'films\n' });

  const listed = await cli('presets', 'list', '--json');
  expect(
    JSON.parse(listed.stdout).presets.map(({ name, origin }: { name: string; origin: string }) => [name, origin]),
  ).toEqual([
    ['fast', 'built in'],
    ['balanced', 'built in'],
    ['premium', 'built in'],
    ['films', 'imported'],
  ]);
  const shown = await cli('presets', 'show', 'films');
  expect(shown.stdout).toMatch(/^--face-detector-size +192x192$/m);

  const paths = ['-s', MEDIA.threeWomen, '-t', MEDIA.threeWomen, '-o', 'out.jpg', '--dry-run', '--json'];
  for (const name of ['films', 'mine.json']) {
    const run = await cli('process', ...paths, '--preset', name, '--face-tracker-interval', '4');
    expect(run.code, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout).options).toMatchObject({ ...preset, faceTrackerInterval: 4 });
  }

  expect(await cli('presets', 'remove', 'films')).toMatchObject({ code: 0, stdout: '' });
  const gone = await cli('process', ...paths, '--preset', 'films');
  expect(gone.code).toBe(2);
  expect(gone.stderr).toContain('There is no preset films.');
});
