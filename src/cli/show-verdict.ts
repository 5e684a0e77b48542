import { basename } from 'node:path';
import { type FileVerdict, verifyFile } from '../runner/verify-file.ts';
import type { Terminal } from './terminal.ts';

/** Prints what is known of a file. */
export async function showVerdict(
  terminal: Terminal,
  file: string,
  options: { readonly signal: AbortSignal; readonly trustAnchors: string | undefined },
): Promise<void> {
  const verdict = await verifyFile(file, options);
  terminal.result('verify', { ...verdict }, () => {
    for (const line of linesOf(verdict)) terminal.data(line);
  });
}

/** Never more than is known: what was not found may have been there. */
function linesOf({ file, mark, couldReadMark, credentials, aigc, saysAltered, recorded }: FileVerdict): string[] {
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
  lines.push(credentialsLine(credentials));
  if (aigc) {
    const whose = aigc.isSignedHere ? 'signed by this installation' : 'whose signature cannot be checked here';
    lines.push(`Label AIGC: ${aigc.label}, producer ${JSON.stringify(aigc.producer)}, ${whose}.`);
  }
  lines.push(
    saysAltered
      ? 'Metadata: says that a machine altered it (IPTC digital source type).'
      : 'Metadata: does not say that a machine altered it.',
  );
  const isKnown = same || mark || saysAltered || credentials.state === 'trusted' || credentials.state === 'valid';
  if (!isKnown) lines.push('Nothing is known of where it comes from. That is no proof that it is genuine.');
  return lines;
}

function credentialsLine({
  state,
  place,
  signer = 'nobody named',
  reason,
  problems = [],
  ingredients = [],
}: FileVerdict['credentials']): string {
  const where = place === 'sidecar' ? ' (beside the file)' : '';
  const broken = ingredients.filter((ingredient) => ingredient.broken).map(({ title }) => title);
  const ofBroken = broken.length === 0 ? '' : ` Those of an ingredient (${broken.join(', ')}) were broken already.`;
  switch (state) {
    case 'trusted':
      return `Content Credentials${where}: trusted, signed by ${signer}.${ofBroken}`;
    case 'valid':
      return `Content Credentials${where}: whole, signed by ${signer}, whom nothing here vouches for.${ofBroken}`;
    case 'invalid':
      return `Content Credentials${where}: INVALID, the file or its credentials were changed (${problems.join(', ')}).`;
    case 'none':
      return 'Content Credentials: none.';
    case 'unknown':
      return `Content Credentials: cannot be read on this machine (${reason}).`;
  }
}
