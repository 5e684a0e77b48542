/** Memory of a process and all its descendants, read from /proc. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/** One process of a tree. */
export interface TreeProcess {
  readonly id: number;
  /** The program's name as the kernel has it: `node`, `ffmpeg`. */
  readonly name: string;
  /** Its command line, words separated by spaces. */
  readonly command: string;
}

/**
 * A process and its descendants, parents before children. Empty where it has ended. A child that is still its parent's
 * copy, between `fork` and `exec`, is left out: its pages are the parent's.
 */
export function processTree(root: number): TreeProcess[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = statOf(Number(name))?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: TreeProcess[] = [];
  const pending = [{ id: root, parentCommand: '' }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { id, parentCommand } = next;
    const facts = statOf(id);
    const command = (readIfThere(`/proc/${id}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
    if (!facts || command === parentCommand) continue;
    found.push({ id, name: facts.name, command });
    pending.push(...(children.get(id) ?? []).map((child) => ({ id: child, parentCommand: command })));
  }
  return found;
}

/** Megabytes (10^6 bytes) in RAM. Pages that two processes share count twice, so this is an upper bound. */
export function residentMegabytes(processes: readonly TreeProcess[]): number {
  const pages = processes.reduce(
    (sum, { id }) => sum + Number(readIfThere(`/proc/${id}/statm`)?.split(' ')[1] ?? 0),
    0,
  );
  return (pages * PAGE_BYTES) / 1e6;
}

/**
 * The same with every page counted once: pages of memory that processes share are divided among them, and of files that
 * several processes of one program have mapped, such as its own text, only the largest share counts. Costs the kernel a
 * walk over all pages: not to be asked often.
 */
export function distinctMegabytes(processes: readonly TreeProcess[]): number {
  let kilobytes = 0;
  const files = new Map<string, number>();
  for (const { id, name } of processes) {
    const rollup = readIfThere(`/proc/${id}/smaps_rollup`) ?? '';
    kilobytes += kilobytesOf('Pss_Anon', rollup) + kilobytesOf('Pss_Shmem', rollup);
    const mapped = kilobytesOf('RssFile', readIfThere(`/proc/${id}/status`) ?? '');
    files.set(name, Math.max(files.get(name) ?? 0, mapped));
  }
  for (const mapped of files.values()) kilobytes += mapped;
  return (kilobytes * 1024) / 1e6;
}

const kilobytesOf = (field: string, text: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);

/** Megabytes of a whole tree; see `residentMegabytes`. */
export const treeMegabytes = (root: number): number => residentMegabytes(processTree(root));

/** A process may end between being listed and being read: then it has no parent and no memory. */
function statOf(id: number): { readonly name: string; readonly parent: number } | undefined {
  const text = readIfThere(`/proc/${id}/stat`);
  if (!text) return undefined;
  // The name in brackets may hold spaces and brackets: state and parent follow the last one.
  const end = text.lastIndexOf(')');
  return { name: text.slice(text.indexOf('(') + 1, end), parent: Number(text.slice(end + 2).split(' ')[1]) };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
