import type { PreviewResult } from '../runner/preview.ts';
import { describeTiming } from './show-result.ts';
import type { Terminal } from './terminal.ts';

/** Says what a preview shows, with its path on stdout; or the whole result as JSON. */
export function showPreview(terminal: Terminal, result: PreviewResult): void {
  const { frameNumber, timeSeconds, width, height, timing, outputPath } = result;
  for (const note of result.notes) terminal.note(note);
  terminal.result('preview', { ...result }, () => {
    terminal.say(`Wrote frame ${frameNumber} (${timeSeconds.toFixed(3)} s) as a photo of ${width}x${height}.`);
    terminal.say(describeTiming(timing));
    terminal.data(outputPath);
  });
}
