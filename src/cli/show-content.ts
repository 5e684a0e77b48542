import { basename } from 'node:path';
import { type CheckContentOptions, checkContent } from '../runner/check-content.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** Prints what content analysers say of a photo or of a frame. */
export async function showContent(terminal: Terminal, file: string, options: CheckContentOptions): Promise<void> {
  const { flagged, scores } = await checkContent(file, options);
  terminal.result('content', { file, frame: options.frameNumber ?? 0, flagged, scores }, () => {
    const rows = scores.map(({ model, score, threshold, flagged: says }) => [
      ...[model, score.toFixed(3), threshold.toFixed(3)],
      says ? 'flagged' : 'passed',
    ]);
    for (const line of formatTable([['ANALYSER', 'SCORE', 'FROM', 'SAYS'], ...rows])) terminal.data(line);
    const name = JSON.stringify(basename(file));
    terminal.say(flagged ? `${name} would be refused: it shows sexual content.` : `${name} passes.`);
  });
}
