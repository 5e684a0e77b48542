/** Keys, audit log, lists and policy of the tests lie in a folder of their own, which goes when they end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'facefusion-installation-'));
  process.env.FACEFUSION_KEYS = join(folder, 'keys');
  process.env.FACEFUSION_AUDIT = join(folder, 'audit');
  process.env.FACEFUSION_DATA_FOLDER = join(folder, 'data');
  return () => rmSync(folder, { recursive: true, force: true });
}
