/** A folder of its own for one test file, and what runs leave behind in it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunFolder {
  readonly path: string;
  /** Absolute path of a name in the folder. */
  at(name: string): string;
  /** Names of all files, sorted. */
  list(): string[];
  remove(): void;
}

export function createRunFolder(): RunFolder {
  const path = mkdtempSync(join(tmpdir(), 'facefusion-test-'));
  return {
    path,
    at: (name) => join(path, name),
    list: () => readdirSync(path).sort(),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Mounts an empty file system of so many kilobytes below the folder; undefined where this user may not. */
export function mountSmallDisk(folder: RunFolder, kilobytes: number): { path: string; unmount(): void } | undefined {
  const path = folder.at(`disk-${kilobytes}`);
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    // Only root may mount; the tests that need it are skipped and say so.
    return undefined;
  }
  if (statfsSync(path).blocks * statfsSync(path).bsize > 2 * kilobytes * 1024) return undefined;
  // Lazily: SQLite lets go of its files when its statements are collected.
  return { path, unmount: () => execFileSync('umount', ['--lazy', path]) };
}

/** Children of this process that are ffmpeg or ffprobe and still there. */
export function runningFfmpegs(): { readonly id: number; readonly command: string }[] {
  // Any thread may have started them.
  const tasks = readdirSync(`/proc/${process.pid}/task`);
  const children = tasks.map((task) => readFileSync(`/proc/${process.pid}/task/${task}/children`, 'utf8'));
  return children
    .flatMap((list) => list.trim().split(/\s+/))
    .filter((id) => id !== '')
    .map((id) => ({ id: Number(id), command: commandOf(id) }))
    .filter(({ command }) => /ffmpeg|ffprobe/.test(command));
}

function commandOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    // It ended between both looks.
    return '';
  }
}

/** Frames that a player would show. */
export function countVideoFrames(path: string): number {
  const answer = execFileSync(
    'ffprobe',
    [
      ...['-v', 'error', '-count_frames', '-select_streams', 'v:0'],
      ...['-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', path],
    ],
    { encoding: 'utf8' },
  );
  return Number(answer.trim().replace(/,$/, ''));
}

/** Makes a file with ffmpeg, quietly. */
export function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
}
