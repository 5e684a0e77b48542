/** What a measurement ran on: without it numbers cannot be compared. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { ModelManifest } from '../src/engine/models/manifest.ts';
import { findFfmpeg } from '../src/media/find-ffmpeg.ts';

export interface MachineReport {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  /** Load average of the last minute when the bench began: above 0.5 timings suffer. */
  readonly loadAverage: number;
  readonly platform: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  /** True when the tree differs from the commit. */
  readonly modified: boolean;
  /** sha256 by model id. */
  readonly models: Readonly<Record<string, string>>;
}

/** Looks at the machine, the tools and the tree. */
export async function describeMachine(manifest: ModelManifest): Promise<MachineReport> {
  const ffmpeg = await findFfmpeg();
  const git = (...words: string[]): string =>
    execFileSync('git', words, { cwd: new URL('..', import.meta.url), encoding: 'utf8' }).trim();
  return {
    processor: os.cpus()[0].model,
    cores: os.cpus().length,
    memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
    loadAverage: os.loadavg()[0],
    platform: `${os.platform()} ${os.arch()} ${os.release()}`,
    versions: {
      node: process.version,
      facefusion: packageVersion('../package.json'),
      'onnxruntime-node': packageVersion('../node_modules/onnxruntime-node/package.json'),
      sharp: packageVersion('../node_modules/sharp/package.json'),
      ffmpeg: ffmpeg.version,
    },
    commit: git('rev-parse', 'HEAD'),
    modified: git('status', '--porcelain', '--untracked-files=no') !== '',
    models: Object.fromEntries(manifest.models.map(({ id, sha256 }) => [id, sha256])),
  };
}

function packageVersion(path: string): string {
  const description = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string };
  return description.version;
}
