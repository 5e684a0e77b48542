/** Finds ffmpeg and ffprobe on this machine, checks their version and asks what they can do. */
import { access, constants, readFile, stat } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { runFfmpeg } from './ffmpeg-process.ts';

/** The oldest version that works: `-fps_mode` came with 5.1. */
const OLDEST = { major: 5, minor: 1 } as const;
const ANSWER_LIMIT_SECONDS = 30;

export interface Ffmpeg {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  /** As ffmpeg says it: `5.1.9-0+deb12u1`, `n7.1`, `N-118000-gabcdef`. */
  readonly version: string;
  /** Names of all encoders that this build has. Asked once. */
  encoders(): Promise<ReadonlySet<string>>;
  /** Names of all filters that this build has. Asked once. */
  filters(): Promise<ReadonlySet<string>>;
}

/** The variables that choose the binaries. */
export type FfmpegEnvironment = Readonly<Record<string, string | undefined>>;

const found = new Map<string, Promise<Ffmpeg>>();

/**
 * Finds ffmpeg and ffprobe. The result is kept for each set of variables; a failure is not.
 * @param env `FACEFUSION_FFMPEG`, else `FFMPEG_PATH` names ffmpeg; `FFPROBE_PATH` names ffprobe, else the one beside a
 *   named ffmpeg; else both are looked up in `PATH`
 * @throws FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD, both with the line that installs it on this system
 */
export function findFfmpeg(env: FfmpegEnvironment = process.env): Promise<Ffmpeg> {
  const key = JSON.stringify([env.FACEFUSION_FFMPEG, env.FFMPEG_PATH, env.FFPROBE_PATH, env.PATH]);
  let promise = found.get(key);
  if (!promise) {
    promise = locate(env);
    found.set(key, promise);
    promise.catch(() => found.delete(key));
  }
  return promise;
}

async function locate(env: FfmpegEnvironment): Promise<Ffmpeg> {
  const named = env.FACEFUSION_FFMPEG || env.FFMPEG_PATH;
  const ffmpegPath = await findBinary(named || 'ffmpeg', env);
  if (!ffmpegPath) throw await notFound('ffmpeg', named);

  const probeNamed = env.FFPROBE_PATH;
  const beside = named && !probeNamed ? await findBinary(join(dirname(ffmpegPath), 'ffprobe'), env) : undefined;
  const ffprobePath = beside ?? (await findBinary(probeNamed || 'ffprobe', env));
  if (!ffprobePath) throw await notFound('ffprobe', probeNamed);

  const version = await versionOf(ffmpegPath, 'ffmpeg');
  await versionOf(ffprobePath, 'ffprobe');
  return {
    ffmpegPath,
    ffprobePath,
    version,
    encoders: once(() => listNames(ffmpegPath, '-encoders', /^ [VAS][A-Z.]{5} ([^\s=]\S*)/)),
    filters: once(() => listNames(ffmpegPath, '-filters', /^ [A-Z.]{2,3} ([^\s=]\S*)/)),
  };
}

/** A file that may be executed, from a path or, for a bare name, from PATH. */
async function findBinary(name: string, env: FfmpegEnvironment): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['', '.exe'] : [''];
  const folders = /[\\/]/.test(name) ? [''] : (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    for (const ending of endings) {
      const candidate = resolve(folder, name + ending);
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Absent or forbidden: either way the next folder of the path is looked at.
    return false;
  }
}

async function versionOf(binary: string, name: 'ffmpeg' | 'ffprobe'): Promise<string> {
  const { exit, stdout, stderr } = await runFfmpeg(binary, ['-version'], { timeoutSeconds: ANSWER_LIMIT_SECONDS });
  const version = new RegExp(`^${name} version (\\S+)`).exec(stdout)?.[1];
  if (exit.code !== 0 || !version) {
    throw new AppError('FFMPEG_NOT_FOUND', `${binary} is no working ${name}: it did not answer to -version.`, {
      hint: await installHint(),
      details: { stderr },
      cause: exit.spawnError,
    });
  }
  if (!isRecentEnough(version)) {
    throw new AppError(
      'FFMPEG_TOO_OLD',
      `Expected ${name} ${OLDEST.major}.${OLDEST.minor} or newer, found ${version}.`,
      {
        hint: await installHint(),
        details: { version, binary: name },
      },
    );
  }
  return version;
}

/**
 * Whether a version as ffmpeg prints it is 5.1 or newer. Builds from git (`N-118000-g…`, a date, a bare hash) carry no
 * release number and are taken as new.
 */
export function isRecentEnough(version: string): boolean {
  const release = /^n?(\d{1,3})\.(\d+)/.exec(version);
  if (!release) return true;
  const major = Number(release[1]);
  const minor = Number(release[2]);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

async function listNames(binary: string, flag: string, line: RegExp): Promise<ReadonlySet<string>> {
  const { stdout } = await runFfmpeg(binary, ['-hide_banner', flag], { timeoutSeconds: ANSWER_LIMIT_SECONDS });
  const names = stdout.split('\n').flatMap((text) => line.exec(text)?.[1] ?? []);
  return new Set(names);
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}

async function notFound(name: string, named: string | undefined): Promise<AppError> {
  const where = named ? `at ${named}` : 'on the path';
  return new AppError('FFMPEG_NOT_FOUND', `${name} was not found ${where}. Videos need ffmpeg 5.1 or newer.`, {
    hint: await installHint(),
  });
}

async function installHint(): Promise<string> {
  return `Install it: ${installLine(process.platform, await readOsRelease(), process.getuid?.() === 0)}`;
}

async function readOsRelease(): Promise<string> {
  return readFile('/etc/os-release', 'utf8').catch(() => '');
}

/**
 * The command that installs ffmpeg on a system.
 * @param osRelease text of `/etc/os-release`, empty where there is none
 */
export function installLine(platform: NodeJS.Platform, osRelease: string, isRoot: boolean): string {
  if (platform === 'darwin') return 'brew install ffmpeg';
  if (platform === 'win32') return 'winget install --id Gyan.FFmpeg';
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((match) => match[1]!.split(' '));
  const sudo = isRoot ? '' : 'sudo ';
  if (ids.includes('debian') || ids.includes('ubuntu')) return `${sudo}apt-get install -y ffmpeg`;
  if (ids.includes('fedora') || ids.includes('rhel')) return `${sudo}dnf install -y ffmpeg`;
  if (ids.includes('arch')) return `${sudo}pacman -S --noconfirm ffmpeg`;
  if (ids.includes('alpine')) return `${sudo}apk add ffmpeg`;
  if (ids.includes('suse') || ids.includes('opensuse')) return `${sudo}zypper install -y ffmpeg`;
  return 'see https://ffmpeg.org/download.html';
}
