// Before `npm pack`: models and code are built afresh, so that the package carries neither stale nor test code.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';

const run = (script) => {
  // npm_execpath is the npm that runs this script, on every platform. Its output must not mix with `npm pack --json`.
  const { status } = spawnSync(process.execPath, [process.env.npm_execpath, 'run', '--silent', script], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
};

run('build:models');
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
run('build');
chmodSync(new URL('../dist/cli/main.js', import.meta.url), 0o755);
