/** Paths of image sequences: a pattern with one number, as in `frames/%05d.png`. */
import { basename, dirname, extname, join } from 'node:path';
import { CONTAINERS } from './output-containers.ts';

const NUMBER = /%0?(\d*)d/;

/** Whether a path means one photo a frame. */
export function isSequencePattern(path: string): boolean {
  const name = basename(path);
  const ending = extname(name).slice(1).toLowerCase();
  return NUMBER.test(name) && (CONTAINERS.images.endings as readonly string[]).includes(ending);
}

/** The path of one photo. Numbers begin with 1, as ffmpeg's do. */
export function sequencePath(pattern: string, number: number): string {
  const name = basename(pattern).replace(NUMBER, (_, width: string) => String(number).padStart(Number(width), '0'));
  return join(dirname(pattern), name);
}

/** Tells the names of a sequence in its folder. */
export function matchesSequence(pattern: string, name: string): boolean {
  const parts = basename(pattern).split(NUMBER.exec(basename(pattern))![0]);
  const [before, after] = [parts[0]!, parts.slice(1).join('')];
  return (
    name.startsWith(before) &&
    name.endsWith(after) &&
    /^\d+$/.test(name.slice(before.length, name.length - after.length))
  );
}
