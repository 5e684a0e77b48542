import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** The variables that say where data is. */
export type DataEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Where an installation keeps what is its own: policy, lists of persons, consents. `FACEFUSION_DATA_FOLDER`, or
 * `facefusion` in the user's data folder (XDG). The folder need not exist.
 */
export function dataFolder(environment: DataEnvironment = process.env): string {
  const { FACEFUSION_DATA_FOLDER: named, XDG_DATA_HOME: xdg } = environment;
  if (named) return resolve(named);
  // A relative path is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  const data = xdg && isAbsolute(xdg) ? xdg : join(environment.HOME || homedir(), '.local', 'share');
  return join(data, 'facefusion');
}
