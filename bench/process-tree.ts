/** Resident memory of a process and all its descendants, read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;

/** Megabytes (10^6 bytes). Pages that two processes share count twice, so this is an upper bound. Linux only. */
export function treeMegabytes(root: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  let pages = 0;
  const pending = [root];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    pages += residentPages(id);
    pending.push(...(children.get(id) ?? []));
  }
  return (pages * PAGE_BYTES) / 1e6;
}

/** A process may end between being listed and being read: then it has no parent and no memory. */
function parentOf(id: number): number | undefined {
  const text = readIfThere(`/proc/${id}/stat`);
  // The name in brackets may hold spaces: state and parent follow the last bracket.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields ? Number(fields[1]) : undefined;
}

function residentPages(id: number): number {
  return Number(readIfThere(`/proc/${id}/statm`)?.split(' ')[1] ?? 0);
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
