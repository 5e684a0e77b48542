import { basename } from 'node:path';
import { type FileVerdict, verifyFile } from '../runner/verify-file.ts';
import type { Terminal } from './terminal.ts';

/** Prints what is known of a file. */
export async function showVerdict(terminal: Terminal, file: string, signal: AbortSignal): Promise<void> {
  const verdict = await verifyFile(file, { signal });
  terminal.result('verify', { ...verdict }, () => {
    for (const line of linesOf(verdict)) terminal.data(line);
  });
}

/** Never more than is known: what was not found may have been there. */
function linesOf({ file, mark, couldReadMark, saysAltered, recorded }: FileVerdict): string[] {
  const same = recorded.find(({ isSame }) => isSame);
  const [other] = recorded;
  const name = JSON.stringify(basename(file));
  const lines: string[] = [];
  if (same) {
    const { entry, time, processors } = same;
    lines.push(
      `${name} was made here at ${time} with ${processors.join(', ')}, and not changed since (entry ${entry}).`,
    );
  } else if (mark && other) {
    lines.push(
      `${name} is of an output that was made here at ${other.time} with ${other.processors.join(', ')} (entry ${other.entry}); the file was changed since.`,
    );
  } else if (mark) {
    lines.push(`${name} carries the mark of this installation, but its audit log has no such job.`);
  }
  if (mark) {
    const where = mark.frame === undefined ? '' : ` in frame ${mark.frame}`;
    lines.push(
      `Invisible mark: installation ${mark.installation}, job ${mark.job}${where}, confidence ${mark.confidence}.`,
    );
  } else {
    lines.push(
      couldReadMark
        ? 'Invisible mark: none of this installation. Marks of others can be read with their keys only.'
        : 'Invisible mark: not looked for, as this installation has no keys yet.',
    );
  }
  lines.push(
    saysAltered
      ? 'Metadata: says that a machine altered it (IPTC digital source type).'
      : 'Metadata: does not say that a machine altered it.',
  );
  if (!same && !mark && !saysAltered)
    lines.push('Nothing is known of where it comes from. That is no proof that it is genuine.');
  return lines;
}
