import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { installedRules } from './installed-rules.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facefusion-rules-'));
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

it('reads policy and words again when they have changed, and not before', async () => {
  const rules = installedRules({ FACEFUSION_DATA_FOLDER: folder });
  const first = await rules();
  expect(first.installed.policy.licensePolicy).toBe('any');
  expect(first.models).toMatch(/face_mesh_attention:[0-9a-f]{64}/);
  vi.advanceTimersByTime(2000);
  expect(await rules()).toBe(first);

  const list = join(folder, 'words.txt');
  await writeFile(list, 'forbidden\n');
  await writeFile(join(folder, 'policy.yaml'), 'licensePolicy: commercial\nwords:\n  files: [words.txt]\n');
  // What was read a moment ago still counts.
  expect(await rules()).toBe(first);
  vi.advanceTimersByTime(2000);
  const second = await rules();
  expect(second.installed.policy.licensePolicy).toBe('commercial');
  expect(second.words.check('forbidden')).toHaveLength(1);

  await writeFile(list, 'forbidden\nunwanted\n');
  vi.advanceTimersByTime(2000);
  expect((await rules()).words.check('unwanted')).toHaveLength(1);
});

it('is right again as soon as the policy is', async () => {
  const rules = installedRules({ FACEFUSION_DATA_FOLDER: folder });
  await writeFile(join(folder, 'policy.yaml'), 'licensePolicy: nonsense\n');
  await expect(rules()).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  await writeFile(join(folder, 'policy.yaml'), 'licensePolicy: commercial\n');
  expect((await rules()).installed.policy.licensePolicy).toBe('commercial');
});
