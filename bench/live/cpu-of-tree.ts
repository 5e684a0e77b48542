/** What the processes that this one has started take of the processor, by what they do. Linux. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time so far, by role. */
export type CpuTimes = Readonly<Record<string, number>>;

interface Seen {
  readonly parent: number;
  readonly milliseconds: number;
  readonly role: string;
}

const TICK_MS = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Ours and Chromium's, by their command lines. */
const ROLES: readonly (readonly [RegExp, string])[] = [
  [/runner-process/, 'runner'],
  [/cli\/main/, 'gateway'],
  [/--utility-sub-type=video_capture/, 'browser: camera'],
  [/--utility-sub-type=network/, 'browser: network'],
  [/--type=renderer/, 'browser: page'],
  [/--type=gpu-process/, 'browser: drawing'],
  [/chromium/, 'browser'],
];

function see(id: number): Seen | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name, in brackets, may hold anything.
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
    const [, role = 'other'] = ROLES.find(([pattern]) => pattern.test(command)) ?? [];
    return { parent: Number(words[1]), milliseconds: (Number(words[11]) + Number(words[12])) * TICK_MS, role };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/** Of all that live now below this process. */
export function cpuOfTree(): CpuTimes {
  const all = new Map<number, Seen>();
  for (const name of readdirSync('/proc')) {
    const seen = /^\d+$/.test(name) ? see(Number(name)) : undefined;
    if (seen) all.set(Number(name), seen);
  }
  const isBelow = (id: number): boolean => {
    const parent = all.get(id)?.parent ?? 0;
    return parent === process.pid || (parent > 1 && isBelow(parent));
  };
  const times: Record<string, number> = {};
  for (const [id, { milliseconds, role }] of all) {
    if (isBelow(id)) times[role] = (times[role] ?? 0) + milliseconds;
  }
  return times;
}

/** Between two looks, for each of so many frames, rounded to 0.1. */
export function perFrame(before: CpuTimes, after: CpuTimes, frames: number): CpuTimes {
  const roles = Object.keys(after).map((role) => [role, ((after[role] ?? 0) - (before[role] ?? 0)) / frames] as const);
  const all = roles.reduce((sum, [, milliseconds]) => sum + milliseconds, 0);
  return Object.fromEntries([...roles, ['all', all] as const].map(([role, value]) => [role, Number(value.toFixed(1))]));
}
